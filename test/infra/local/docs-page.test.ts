import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { describeInBrowser, openBrowser } from '#test/support/chromium.ts';
import { fixtureAssembly } from './fixtures/fixture-assembly.ts';

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

  it('takes another token: who authorizes with a wrong one is refused', async () => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByRole('button', { name: 'Remove authorization' }).click();
    await page.getByLabel('auth-bearer-value').fill('nonsense');
    await page.getByRole('button', { name: 'Apply credentials' }).click();
    await page.locator('.btn-done').click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').getByText('401').first().waitFor();
  });

  it('asks no other host for anything, and has no errors of its own', () => {
    expect(new Set(requested)).toEqual(new Set([gateway.url]));
    expect(troubles.filter((trouble) => !trouble.includes('401'))).toEqual([]);
  });
});
