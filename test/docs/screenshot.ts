import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { assembleLocally } from '#infra/local/assemble.ts';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { DEMO_BUSINESS } from '#infra/local/demo.ts';
import { openDoor } from '#infra/local/door.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';
import { missingBrowser, openBrowser } from '#test/support/browser.ts';

/** `npm run screenshot`: takes docs/docs-page.png from the real docs page, of a service started for it. */

const PICTURE = resolve(import.meta.dirname, '../../docs/docs-page.png');
const SIZE = { width: 1200, height: 900 };
/** Pixels of the picture for each pixel of the page: sharp on a screen with a high resolution. */
const SCALE = 2;
const MARGIN = 8;
const PATH = '/api/v1/customer/{id}';
/** The curl command holds a token, and no token belongs in a picture. */
const HIDDEN = '.curl-command { display: none }';
const USUAL_PORT = '3000';

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

/** Creates the customer that the picture shows, and answers its id. */
const addCustomer = async ({ url, token }: Gateway): Promise<string> => {
  const answer = await fetch(`${url}/api/v1/customer`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token({ businessId: DEMO_BUSINESS, role: 'OWNER' })}`,
      'x-business-tenant-id': DEMO_BUSINESS,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      firstName: 'Anna',
      lastName: 'Nowak',
      email: 'anna@example.com',
      phone: '+48 512 345 678',
      note: 'Prefers mornings.',
    }),
  });
  const body = await answer.text();
  if (answer.status !== 201) throw new Error(`The customer to show was not created: ${body}`);
  return JSON.parse(body)._id;
};

/** Opens one operation, sends a call about this customer, and answers where the answer's body ends on the page. */
const showOperation = async (page: Page, id: string): Promise<number> => {
  const operation = page.locator('.opblock-get', { has: page.locator(`[data-path="${PATH}"]`) });
  await operation.locator('.opblock-summary').click();
  await operation.locator('tr[data-param-name="id"] input').fill(id);
  await operation.getByRole('button', { name: 'Execute' }).click();
  const body = operation.locator('.live-responses-table .highlight-code').first();
  await body.waitFor();
  await page.addStyleTag({ content: HIDDEN });
  const box = (await body.boundingBox())!;
  return box.y + box.height + (await page.evaluate<number>('window.scrollY'));
};

const takePicture = async (gateway: Gateway, id: string): Promise<void> => {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: SCALE });
    await page.goto(`${gateway.url}/docs`);
    const end = await showOperation(page, id);
    const clip = { x: 0, y: 0, width: SIZE.width, height: end + MARGIN };
    await page.screenshot({ path: PICTURE, fullPage: true, clip });
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
    await takePicture(gateway, await addCustomer(gateway));
    say(`Written: ${PICTURE}`);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
};

await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
