import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { assembleLocally } from '#infra/local/assemble.ts';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { openDoor } from '#infra/local/door.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';
import { missingBrowser, openBrowser } from '#test/support/browser.ts';

/** `npm run screenshot`: takes docs/docs-page.png and docs/docs-page-phone.png from the real docs page, of a service started for it. */

const DOCS = resolve(import.meta.dirname, '../../docs');
const PICTURES = [
  { file: 'docs-page.png', viewport: { width: 1280, height: 860 } },
  { file: 'docs-page-phone.png', viewport: { width: 390, height: 844 } },
] as const;
/** Pixels of the picture for each pixel of the page: sharp on a screen with a high resolution. */
const SCALE = 2;
/** The operation that the pictures show. */
const SHOWN = { path: '/api/v1/customer', method: 'POST' };
const USUAL_PORT = '3000';
/** How long the page may take on a busy machine, and how long until nothing moves any more. */
const PATIENCE_MS = 120_000;
const SETTLED_MS = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts the whole service with data of its own. Each step hands what undoes it to `onStop`. */
const serve = async (onStop: (stop: () => Promise<void>) => void): Promise<Gateway> => {
  // The demo customer must not be written to a database that is in use.
  delete process.env['MONGODB_URI'];
  const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
  onStop(() => rm(folder, { recursive: true, force: true }));
  const door = await openDoor(Number(process.env['PORT'] ?? USUAL_PORT));
  onStop(door.close);
  const assembly = join(folder, 'cdk.out');
  await assembleLocally({ outdir: assembly, issuer: `${door.url}/_local`, log: say });
  const database = await startDatabase({ log: say });
  onStop(() => database.stop());
  const keyring = await readOrMakeKeyring(join(folder, 'keyring.json'));
  const gateway = await startGateway({
    assembly,
    at: door,
    secrets: { DatabaseUri: database.uri, Keyring: keyring },
    beforeServing: (invoke) => invoke('migrate-database'),
  });
  onStop(gateway.stop);
  return gateway;
};

/** Opens the page at the operation, and waits for what the pictures show of it. */
const showOperation = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}/docs#tag/customers/${SHOWN.method}${SHOWN.path}`);
  const operation = page.locator(`section[id$="${SHOWN.method}${SHOWN.path}"]`);
  await operation.getByRole('button', { name: 'Test Request' }).waitFor();
  // What is above it is drawn late and moves it.
  await operation.locator('code').first().waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await operation.scrollIntoViewIfNeeded();
};

const takePictures = async ({ url }: Gateway): Promise<void> => {
  const browser = await openBrowser();
  try {
    for (const { file, viewport } of PICTURES) {
      const page = await browser.newPage({ viewport, deviceScaleFactor: SCALE });
      page.setDefaultTimeout(PATIENCE_MS);
      await showOperation(page, url);
      await page.screenshot({ path: join(DOCS, file) });
      await page.close();
      say(`Written: ${join(DOCS, file)}`);
    }
  } finally {
    await browser.close();
  }
};

const run = async (): Promise<void> => {
  const missing = missingBrowser();
  if (missing !== undefined) throw new Error(missing);
  const stops: (() => Promise<void>)[] = [];
  try {
    const gateway = await serve((stop) => stops.push(stop));
    await takePictures(gateway);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
};

await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
