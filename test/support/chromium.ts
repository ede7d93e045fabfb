import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const isInstalled = existsSync(CHROMIUM);

/** `describe` for what needs a browser; without one it says so and skips. */
export const describeInBrowser = (name: string, steps: () => void): void => {
  if (isInstalled) {
    describe(name, steps);
    return;
  }
  process.stderr.write(`Skipped «${name}»: ${CHROMIUM} is missing (apt-get install chromium).\n`);
  describe.skip(name, steps);
};

/** A headless browser that asks no host on its own account. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
