import type { Locator, Page, Response } from 'playwright-core';

/** Opens an operation by the menu of the docs page, and answers its part of the page. */
export const openOperation = async (page: Page, summary: string): Promise<Locator> => {
  await page.getByRole('link', { name: summary }).first().click();
  const section = page.locator('section', { has: page.getByRole('heading', { name: summary }) }).last();
  await section.waitFor();
  return section;
};

/** The window in which calls are sent, opened at an operation. */
export const openClient = async (page: Page, operation: Locator): Promise<Locator> => {
  await operation.getByRole('button', { name: 'Test Request' }).click();
  const client = page.getByRole('dialog');
  await client.waitFor();
  return client;
};

/** Sends what stands in the window, and answers what came back from a path that ends like this. */
export const sendAsItStands = async (client: Locator, path: string): Promise<Response> => {
  const answer = client.page().waitForResponse((response) => new URL(response.url()).pathname.endsWith(path));
  await client.getByRole('button', { name: 'Send' }).first().click();
  return answer;
};

/** What the menu lists under each of these titles. It opens the groups that are closed. */
export const listedIn = async (page: Page, titles: readonly string[]): Promise<string[][]> => {
  const lists: string[][] = [];
  for (const title of titles) {
    const heading = page.getByRole('link', { name: title, exact: true });
    const group = page.getByRole('listitem').filter({ has: heading }).last();
    const links = group.getByRole('list').getByRole('link');
    if ((await links.count()) === 0) await group.getByRole('button', { name: /^Open Group/ }).click();
    await links.first().waitFor();
    lists.push((await links.allInnerTexts()).map((text) => text.replace(/\s*HTTP Method:[^]*$/i, '')));
  }
  return lists;
};
