import { describe } from '@jest/globals';
import { missingBrowser } from './browser.ts';

/** `describe` for tests that need a browser. Without a browser, they are skipped with a message. */
export const describeInBrowser = (name: string, steps: () => void): void => {
  const missing = missingBrowser();
  if (missing === undefined) {
    describe(name, steps);
    return;
  }
  process.stderr.write(`Skipped «${name}»: ${missing}\n`);
  describe.skip(name, steps);
};
