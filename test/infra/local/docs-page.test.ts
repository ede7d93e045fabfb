import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { PAGE_FILES } from '#infra/docs/page-files.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { closeServer, listen } from '#infra/local/listen.ts';
import { openBrowser } from '#test/support/browser.ts';
import { describeInBrowser } from '#test/support/chromium.ts';
import { openClient, openOperation, sendAsItStands } from '#test/support/docs-page.ts';
import { fixtureAssembly } from './fixtures/fixture-assembly.ts';
import { call } from './fixtures/http-call.ts';

describe('every file of the docs page', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ assembly: await fixtureAssembly() });
  });
  afterAll(() => gateway.stop());

  it.each(['/docs', ...Object.keys(PAGE_FILES).map((name) => `/docs/${name}`)])(
    '%s cannot be framed, guessed as another type, or name this address to other sites',
    async (path) => {
      const { status, headers } = await call(gateway.url, { path });
      expect([status, headers]).toEqual([
        200,
        expect.objectContaining({
          'content-type': expect.stringMatching(
            /^(text\/(html|css|javascript); charset=utf-8|image\/svg\+xml)$/,
          ),
          'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
          'x-frame-options': 'DENY',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        }),
      ]);
    },
  );

  it.each(['/docs/', '/docs/../package.json', '/docs/toString', '/docs/index'])(
    'is one of a list: %s is none',
    async (path) => {
      expect((await call(gateway.url, { path })).status).toBe(404);
    },
  );
});

describeInBrowser('a page of another site in the same browser', () => {
  let gateway: Gateway;
  let browser: Browser;
  let page: Page;
  /** Frames the docs page, and sends the requests that need no preflight. */
  const hostile = (url: string): string => `<!doctype html>
    <iframe src="${url}/docs"></iframe>
    <script>
      const asked = [
        fetch('${url}/_local/token', { method: 'POST', mode: 'no-cors', body: '{}' }),
        fetch('${url}/_local/health', { mode: 'no-cors' }),
        fetch('${url}/_local/schedules/nightly/run', { method: 'POST', mode: 'no-cors' }),
      ];
      Promise.allSettled(asked).then(() => { document.title = 'done'; });
    </script>`;
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(hostile(gateway.url));
  });
  const answers = new Map<string, number>();

  beforeAll(async () => {
    gateway = await startGateway({ assembly: await fixtureAssembly() });
    const port = await listen(site, { host: '127.0.0.1', port: 0 });
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('response', (response) => {
      const { origin, pathname } = new URL(response.url());
      if (origin === gateway.url) answers.set(pathname, response.status());
    });
    await page.goto(`http://localhost:${String(port)}/`);
    await page.waitForFunction("document.title === 'done'");
  });
  afterAll(async () => {
    await browser.close();
    await closeServer(site);
    await gateway.stop();
  });

  it('is refused by /_local, and no schedule runs', () => {
    expect(Object.fromEntries([...answers].filter(([path]) => path.startsWith('/_local')))).toEqual({
      '/_local/token': 403,
      '/_local/health': 403,
      '/_local/schedules/nightly/run': 403,
    });
    expect(Object.values(gateway.environments()).flat()).toEqual([]);
  });

  it('gets an empty frame: the docs page is not shown, and its script asks for no token', () => {
    expect(page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
    expect([...answers.keys()]).not.toContain('/docs/page.js');
  });
});

describeInBrowser('the docs page in a browser', () => {
  let gateway: Gateway;
  let browser: Browser;
  let page: Page;
  let client: Locator;
  const requested: string[] = [];
  const troubles: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ assembly: await fixtureAssembly() });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(gateway.url);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  it('is where the address leads, and shows the contract and the guides', async () => {
    expect(page.url()).toBe(`${gateway.url}/docs`);
    await page.getByRole('heading', { name: 'Fixture API' }).waitFor();
    for (const name of ['Authorization', 'Errors', 'Rate limits'])
      await page.getByRole('heading', { name, exact: true }).waitFor();
  });

  it('has a token and a business filled in; a call is sent and its answer shown', async () => {
    client = await openClient(page, await openOperation(page, 'Read something private'));
    const answer = await sendAsItStands(client, '/private');
    const { authorization, ...headers } = await answer.request().allHeaders();
    expect(headers['x-business-tenant-id']).toMatch(/^[0-9a-f]{24}$/);
    expect(authorization).toMatch(/^Bearer ey/);
    expect(answer.status()).toBe(200);
    await client.getByText(`${headers['x-business-tenant-id']!}:OWNER`).first().waitFor();
  });

  it('accepts another token: a call with a wrong one is refused', async () => {
    await client.getByPlaceholder('Token').fill('nonsense');
    expect((await sendAsItStands(client, '/private')).status()).toBe(401);
  });

  it('calls no other host, and has no errors', () => {
    expect(new Set(requested)).toEqual(new Set([gateway.url]));
    // The gateway of this test has no customers to show.
    expect(troubles.filter((trouble) => !/40[14]/.test(trouble))).toEqual([]);
  });
});
