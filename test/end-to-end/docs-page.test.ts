import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '#test/support/browser.ts';
import { describeInBrowser } from '#test/support/chromium.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

describeInBrowser('the docs page of the real contract', () => {
  let served: Served;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    served = await serveBundles('docs');
    browser = await openBrowser();
    page = await browser.newPage();
    await page.goto(`${served.gateway.url}/docs`);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await served.stop();
  });

  const answer = () => page.locator('.live-responses-table tr.response').first();

  it('shows every operation', async () => {
    await page.getByText('Customer Management').first().waitFor();
    await page.getByText('Create a customer; the same _id again').waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThanOrEqual(13);
  });

  it('sends a call with the token and business that are filled in, and shows the answer', async () => {
    await page.getByText('Read the settings of the business').click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await answer().waitFor();
    expect(await answer().textContent()).toContain('200');
    expect(await answer().textContent()).toContain('email-and-phone');
  });

  it('creates a customer with what a person types', async () => {
    await page.getByText('Read the settings of the business').click();
    await page.getByText('Create a customer; the same _id again').click();
    const body = page.locator('textarea.body-param__text');
    await body.fill('{"customerType":"anonymous","note":"typed by a person"}');
    await page.getByRole('button', { name: 'Execute' }).click();
    await answer().waitFor();
    expect(await answer().textContent()).toContain('201');
    expect(await answer().textContent()).toContain('typed by a person');
    expect(await served.database.collection('customer').countDocuments()).toBe(1);
  });
});
