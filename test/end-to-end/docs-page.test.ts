import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { DEMO_BUSINESS } from '#infra/local/demo.ts';
import { openBrowser } from '#test/support/browser.ts';
import { describeInBrowser } from '#test/support/chromium.ts';
import { documentText } from '#test/support/described.ts';
import { listedIn, openClient, openOperation, sendAsItStands } from '#test/support/docs-page.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

const DESKTOP = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };
const MINUTES = 60_000;

const contract = JSON.parse(documentText);
const operations: any[] = Object.values<object>(contract.paths).flatMap((path) => Object.values(path));
const summaryOf = (name: string): string =>
  operations.find(({ operationId }) => operationId === name).summary;
/** The titles of the groups, each with its operations, in the order of the contract. */
const groups = contract.tags.map((tag: any) => ({
  title: tag['x-displayName'] ?? tag.name,
  summaries: operations.filter(({ tags }) => tags[0] === tag.name).map(({ summary }) => summary),
}));

describeInBrowser('the docs page of the service', () => {
  let served: Served;
  let browser: Browser;
  const requested = new Set<string>();
  const troubles: string[] = [];

  const openPage = async (viewport: { width: number; height: number }, place = ''): Promise<Page> => {
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(2 * MINUTES);
    page.on('request', (request) => requested.add(new URL(request.url()).origin));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(`${served.gateway.url}/docs${place}`);
    await page.getByRole('heading', { name: contract.info.title }).waitFor({ state: 'attached' });
    return page;
  };
  const send = async (page: Page, name: string, path: string) => {
    const client: Locator = await openClient(page, await openOperation(page, summaryOf(name)));
    const answer = await sendAsItStands(client, path);
    await client.getByText(`${answer.status()} ${answer.statusText()}`).first().waitFor();
    await page.keyboard.press('Escape');
    await client.waitFor({ state: 'hidden' });
    return answer;
  };

  beforeAll(async () => {
    served = await serveBundles('docs-page');
    browser = await openBrowser();
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser.close();
    await served.stop();
  });

  it(
    'lists every operation in its group, after the guides',
    async () => {
      const page = await openPage(DESKTOP);
      expect(
        await listedIn(
          page,
          groups.map(({ title }: any) => title),
        ),
      ).toEqual(groups.map(({ summaries }: any) => summaries));
      await page.close();
    },
    5 * MINUTES,
  );

  it(
    'sends calls as they stand: a read, a create, a patch, a change that changes no setting',
    async () => {
      const page = await openPage(DESKTOP);
      const read = await send(page, 'get-customer', '');
      expect([read.status(), (await read.json()).email]).toEqual([200, 'anna.nowak@docs.example']);

      expect((await send(page, 'create-customer', '/customer')).status()).toBe(201);
      expect((await send(page, 'patch-customer', '')).status()).toBe(200);

      const settings = { businessId: DEMO_BUSINESS };
      const before = (await served.request('GET', '/api/v1/customer/settings', settings)).body;
      await listedIn(page, ['Settings']);
      expect((await send(page, 'change-settings', '/settings')).status()).toBe(200);
      expect((await served.request('GET', '/api/v1/customer/settings', settings)).body).toEqual(before);
      await page.close();
    },
    5 * MINUTES,
  );

  it(
    'fits on a phone: nothing makes it wider than the screen, and an operation shows its problems closed',
    async () => {
      const desktop = await openPage(DESKTOP);
      await openOperation(desktop, summaryOf('create-customer'));
      const place = new URL(desktop.url()).hash;
      await desktop.close();

      const page = await openPage(PHONE, place);
      const operation = page.locator(`section[id$="${decodeURIComponent(place.slice(1))}"]`);
      await operation.getByRole('button', { name: 'Test Request' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      expect(await operation.getByText('urn:problem:').count()).toBe(0);
      expect((await operation.boundingBox())!.height).toBeLessThan(4_000);
      await page.close();
    },
    5 * MINUTES,
  );

  it('calls no other host, and has no errors', () => {
    expect(requested).toEqual(new Set([served.gateway.url]));
    expect(troubles).toEqual([]);
  });
});
