import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { closeServer, listen } from '#infra/local/listen.ts';
import { openBrowser } from '#test/support/browser.ts';
import { describeInBrowser } from '#test/support/chromium.ts';
import { fixtureAssembly } from './fixtures/fixture-assembly.ts';
import { call } from './fixtures/http-call.ts';

describe('every file of the docs page', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ assembly: await fixtureAssembly() });
  });
  afterAll(() => gateway.stop());

  it.each([
    '/docs',
    '/docs/page.js',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/docs/favicon-32x32.png',
  ])('%s cannot be framed, guessed as another type, or name this address to other sites', async (path) => {
    const { status, headers } = await call(gateway.url, { path });
    expect([status, headers]).toEqual([
      200,
      expect.objectContaining({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      }),
    ]);
  });
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
  const requested: string[] = [];
  const troubles: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ assembly: await fixtureAssembly() });
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(gateway.url);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  it('is where the address leads, and shows the contract', async () => {
    expect(page.url()).toBe(`${gateway.url}/docs`);
    await page.getByText('Fixture API').waitFor();
    await page.getByText('Read something private').waitFor();
  });

  it('has a token and a business filled in; a call is sent and its answer shown', async () => {
    await page.getByText('Read something private').click();
    const tenant = page.locator('tr[data-param-name="x-business-tenant-id"] input');
    expect(await tenant.inputValue()).toMatch(/^[0-9a-f]{24}$/);
    await page.getByRole('button', { name: 'Execute' }).click();
    const answer = page.locator('.live-responses-table');
    await answer.waitFor();
    expect(await answer.locator('tr.response td.response-col_status').textContent()).toContain('200');
    expect(await answer.textContent()).toContain(`${await tenant.inputValue()}:OWNER`);
  });

  it('accepts another token: a call with a wrong one is refused', async () => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByRole('button', { name: 'Remove authorization' }).click();
    await page.getByLabel('auth-bearer-value').fill('nonsense');
    await page.getByRole('button', { name: 'Apply credentials' }).click();
    await page.locator('.btn-done').click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').getByText('401').first().waitFor();
  });

  it('calls no other host, and has no errors', () => {
    expect(new Set(requested)).toEqual(new Set([gateway.url]));
    expect(troubles.filter((trouble) => !trouble.includes('401'))).toEqual([]);
  });
});
