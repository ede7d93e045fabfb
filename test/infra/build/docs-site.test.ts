import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { writeDocsSite } from '#infra/build/docs-site.ts';
import { openBrowser } from '#test/support/browser.ts';
import { describeInBrowser } from '#test/support/chromium.ts';
import { documentText } from '#test/support/described.ts';
import { listedIn, openOperation } from '#test/support/docs-page.ts';

const SERVER = 'https://customers.example.org';
const DESKTOP = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };
const MINUTES = 60_000;

const contract = JSON.parse(documentText);
const tags: string[] = contract.tags.map((tag: any) => tag['x-displayName'] ?? tag.name);
const operations: any[] = Object.values<object>(contract.paths).flatMap((path) => Object.values(path));
const summaryOf = (name: string): string =>
  operations.find(({ operationId }) => operationId === name).summary;

describeInBrowser('the site of npm run docs, opened from a disk', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];
  const troubles: string[] = [];

  const openPage = async (viewport: { width: number; height: number }, url: string): Promise<Page> => {
    const opened = await browser.newPage({ viewport });
    opened.setDefaultTimeout(2 * MINUTES);
    opened.on('request', (request) => requested.push(request.url()));
    opened.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    opened.on('pageerror', (error) => troubles.push(error.message));
    await opened.goto(url);
    return opened;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docs-site-'));
    await writeDocsSite({ outdir: folder, server: `${SERVER}/` });
    browser = await openBrowser();
    page = await openPage(DESKTOP, pathToFileURL(join(folder, 'index.html')).href);
    await page.getByRole('heading', { name: contract.info.title }).waitFor();
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  it(
    'shows every group of the contract, after the same guides',
    async () => {
      for (const name of ['First call', 'Errors', 'Rate limits'])
        await page.getByRole('heading', { name, exact: true }).waitFor();
      expect((await listedIn(page, tags)).flat().sort()).toEqual(
        operations.map(({ summary }) => summary).sort(),
      );
    },
    5 * MINUTES,
  );

  it(
    'has samples for the address that was given, and sends nothing',
    async () => {
      const operation = await openOperation(page, summaryOf('get-customer'));
      await operation
        .locator('code')
        .filter({ hasText: `${SERVER}/api/v1/customer/` })
        .first()
        .waitFor();
      expect(await page.getByRole('button', { name: 'Test Request' }).count()).toBe(0);
    },
    5 * MINUTES,
  );

  it(
    'fits on a phone',
    async () => {
      const phone = await openPage(PHONE, page.url());
      await phone.getByRole('heading', { name: summaryOf('get-customer') }).waitFor();
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    },
    5 * MINUTES,
  );

  it('reads its own files only, and has no errors', () => {
    const own = pathToFileURL(folder).href;
    expect(requested.filter((url) => !url.startsWith(own) && !url.startsWith('data:'))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('has the contract as a file of its own, with that address', async () => {
    const kept = JSON.parse(await readFile(join(folder, 'openapi.json'), 'utf8'));
    expect([kept.servers, Object.keys(kept.paths)]).toEqual([[{ url: SERVER }], Object.keys(contract.paths)]);
  });
});
