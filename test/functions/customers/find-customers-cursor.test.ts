import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { ORDERS } from '#lib/contract/paging.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { addDue } from '#test/support/due.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';

const service = useService('find-customers-cursor');

/** A walk that is longer has no end. */
const MOST_PAGES = 50;

type Query = Readonly<Record<string, string>>;
type Listed = { items: { _id: string }[]; totalSize: number; nextCursor?: string };
const idsOf = ({ items }: Listed): string[] => items.map(({ _id }) => _id);

const found = async (business: Business, query: Query): Promise<Listed> => {
  const { status, body } = await business.find(query);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body;
};
const cursorOf = async (business: Business, query: Query): Promise<string> =>
  (await found(business, query)).nextCursor ?? 'no cursor';

/** Every page of a list by its cursors. */
const walk = async (business: Business, query: Query): Promise<Listed[]> => {
  const pages = [await found(business, query)];
  for (let cursor = pages[0]?.nextCursor; cursor !== undefined; cursor = pages.at(-1)?.nextCursor) {
    pages.push(await found(business, { ...query, cursor }));
    expect(pages.length).toBeLessThan(MOST_PAGES);
  }
  return pages;
};

/** Customers of all kinds, many of one name and one moment. */
const addMixed = (business: Business, count: number): Promise<string[]> =>
  addMany(business.businessId, count, (index) => ({
    firstName: index % 4 === 0 ? 'Ann' : `Ann${String(index % 3)}`,
    lastName: index % 5 === 0 ? null : 'Łukasz',
    customerType: index % 2 === 0 ? 'new' : 'unregistered',
    state: index % 3 === 0 ? 'archived' : 'active',
    at: new Date(1_700_000_000_000 + (index % 2)),
  }));

const mixed = aBusiness();
beforeAll(() => addMixed(mixed, 16));

const FILTERS: readonly Query[] = [
  { customerType: 'new' },
  { phrase: 'ann' },
  { phrase: 'luk ann1', state: 'active' },
  { updatedSince: '2023-11-01T00:00:00.000Z' },
  { updatedSince: '2023-11-01T00:00:00.000Z', state: 'active', phrase: 'ann' },
];

describe('GET /api/v1/customer/paged?cursor=', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [5, [5]],
    [6, [5, 1]],
    [10, [5, 5]],
    [11, [5, 5, 1]],
  ])(
    'of %i customers in pages of five: pages of %j, and a nextCursor on all but the last',
    async (count, sizes) => {
      const business = aBusiness();
      await addMixed(business, count);
      const pages = await walk(business, { pageSize: '5' });
      expect(pages.map(({ items }) => items.length)).toEqual(sizes);
      for (const { totalSize } of pages) expect(totalSize).toBe(count);
    },
  );

  it('goes on after any numbered page; the last one and those beyond have no cursor', async () => {
    const business = aBusiness();
    await addMixed(business, 11);
    const all = idsOf(await found(business, {}));
    const cursor = await cursorOf(business, { pageSize: '3', page: '2' });
    expect(idsOf(await found(business, { cursor }))).toEqual(all.slice(6));
    for (const page of ['4', '5', '100']) {
      expect(await found(business, { pageSize: '3', page })).not.toHaveProperty('nextCursor');
    }
  });

  const expectWalkAsNumbered = async (query: Query): Promise<void> => {
    const whole = await found(mixed, { ...query, pageSize: '1000' });
    expect(whole.items.length).toBeGreaterThan(1);
    expect((await walk(mixed, { ...query, pageSize: '6' })).flatMap(idsOf)).toEqual(idsOf(whole));
  };

  it.each(ORDERS.flatMap((orderBy) => ['asc', 'desc'].map((orderDir) => [orderBy, orderDir] as const)))(
    'walks orderBy=%s&orderDir=%s as its numbered pages do',
    async (orderBy, orderDir) => {
      for (const filter of [{}, { state: 'active' }]) {
        await expectWalkAsNumbered({ ...filter, orderBy, orderDir });
      }
    },
  );

  it.each(FILTERS)('walks what %j leaves as its numbered pages do', async (filter) => {
    await expectWalkAsNumbered(filter);
    await expectWalkAsNumbered({ ...filter, orderBy: 'name', orderDir: 'asc' });
  });

  it('takes another page size on every page', async () => {
    const business = aBusiness();
    await addMixed(business, 12);
    const first = await found(business, { pageSize: '2' });
    const second = await found(business, { pageSize: '7', cursor: first.nextCursor ?? '' });
    const third = await found(business, { pageSize: '1000', cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(({ items }) => items.length)).toEqual([2, 7, 3]);
    expect([first, second, third].flatMap(idsOf)).toEqual(idsOf(await found(business, {})));
  });

  it('keeps the total of the page that it began from', async () => {
    const business = aBusiness();
    await addMixed(business, 3);
    const cursor = await cursorOf(business, { pageSize: '2', orderDir: 'asc' });
    await addMixed(business, 4);
    expect((await found(business, { orderDir: 'asc', cursor })).totalSize).toBe(3);
    expect((await found(business, { orderDir: 'asc' })).totalSize).toBe(7);
  });

  it('opens for the same list said in other words', async () => {
    const business = aBusiness();
    await addMixed(business, 9);
    const said = async (one: Query, other: Query) => {
      const cursor = await cursorOf(business, { ...one, pageSize: '1' });
      expect((await found(business, { ...other, cursor })).items.length).toBeGreaterThan(0);
    };
    await said({ orderBy: 'name' }, { orderBy: 'lastName' });
    await said({}, { orderBy: 'createdAt', orderDir: 'desc', phrase: ' ' });
    await said(
      { updatedSince: '2023-11-01T00:00:00.000Z' },
      { updatedSince: '2023-11-01T01:00:00.000+01:00' },
    );
    await business.create({ lastName: 'S', state: 'suspended', customerType: 'new' });
    await business.create({ lastName: 'S', state: 'inactive', customerType: 'new' });
    await said({ state: 'suspended' }, { state: 'inactive' });
  });

  it('walks the living first, then the purged, of whom many went in one moment', async () => {
    const business = aBusiness();
    const purged = await addDue(service, 7, business);
    await run(purge, { largestShare: 1 });
    const living = await addMixed(business, 8);
    for (const pageSize of ['1', '2', '4', '7', '8', '15', '20']) {
      const pages = await walk(business, { updatedSince: '2023-11-01T00:00:00.000Z', pageSize });
      const ids = pages.flatMap(idsOf);
      expect(ids.slice(0, living.length).sort()).toEqual(living.toSorted());
      expect(ids.slice(living.length)).toEqual(purged.toSorted());
      expect(pages.map(({ totalSize }) => totalSize)).toEqual(pages.map(() => 15));
      expect(pages).toHaveLength(Math.ceil(15 / Number(pageSize)));
    }
  });

  it('goes on into the purged from a numbered page among them', async () => {
    const business = aBusiness();
    const purged = await addDue(service, 5, business);
    await run(purge, { largestShare: 1 });
    await addMixed(business, 2);
    const query = { updatedSince: '2023-11-01T00:00:00.000Z', pageSize: '3' };
    const second = await found(business, { ...query, page: '2' });
    const third = await found(business, { ...query, cursor: second.nextCursor ?? '' });
    expect([second, third].flatMap(idsOf)).toEqual(purged.toSorted().slice(1));
    expect(third).not.toHaveProperty('nextCursor');
  });

  it('says again beyond the sync horizon that everything has to be fetched again', async () => {
    const business = aBusiness();
    await addMixed(business, 3);
    const pages = await walk(business, { updatedSince: '2020-01-01T00:00:00.000Z', pageSize: '1' });
    expect(pages).toHaveLength(3);
    for (const page of pages) expect(page).toMatchObject({ resyncRequired: true });
  });
});

describe('a cursor is refused', () => {
  const business = aBusiness();
  const LIST: Query = { phrase: 'ann', orderBy: 'name', pageSize: '2' };
  const refused = async (query: Query, asking = business): Promise<void> => {
    const { body } = await expectRefused(service, () => asking.find(query), [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '#/cursor', error: 'cursor' }]);
    expect(body.errors[0].message).toContain('Start again without it');
  };
  const aCursor = async (): Promise<string> => {
    await addMixed(business, 5);
    return await cursorOf(business, LIST);
  };

  it('beside a page', async () => {
    const query = { ...LIST, cursor: await aCursor(), page: '1' };
    const { body } = await expectRefused(service, () => business.find(query), [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '#/cursor' }]);
  });

  it('with other filters, in another order', async () => {
    const cursor = await aCursor();
    const others: readonly Query[] = [
      { phrase: 'anna' },
      { phrase: '' },
      { state: 'active' },
      { customerType: 'new' },
      { updatedSince: '2023-11-01T00:00:00.000Z' },
      { orderBy: 'firstName' },
      { orderDir: 'asc' },
    ];
    for (const other of others) await refused({ ...LIST, ...other, cursor });
  });

  it('for another business, and for a role that may not search by the same fields', async () => {
    const cursor = await aCursor();
    await refused({ ...LIST, cursor }, aBusiness());
    await refused({ ...LIST, cursor }, business.as({ role: 'SUPPORT' }));
    expect((await business.as({ role: 'ADMIN' }).find({ ...LIST, cursor })).status).toBe(200);
  });

  it('altered, cut or made up', async () => {
    const cursor = await aCursor();
    const middle = Math.floor(cursor.length / 2);
    const altered = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
    const madeUp = randomBytes(99).toString('base64url');
    for (const other of [altered, cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, madeUp, 'AQ', 'x']) {
      await refused({ ...LIST, cursor: other });
    }
  });
});

describe('a cursor', () => {
  it('shows no name, is short with usual names and has room for the widest', async () => {
    const business = aBusiness();
    const name = 'Wiśniewska-Kowalska';
    await addMany(business.businessId, 2, () => ({ firstName: 'Zuzanna', lastName: name }));
    const usual = await cursorOf(business, { pageSize: '1', orderBy: 'name' });
    expect(usual.length).toBeLessThan(250);
    expect(Buffer.from(usual, 'base64url').toString('latin1').toLowerCase()).not.toMatch(/zuzanna|kowalska/);

    const wide = aBusiness();
    // The letter that unfolds to the most: 18 others.
    await addMany(wide.businessId, 2, () => ({
      firstName: '\ufdfa'.repeat(50),
      lastName: '\ufdfa'.repeat(50),
    }));
    const pages = await walk(wide, { pageSize: '1', orderBy: 'name' });
    expect(pages.flatMap(idsOf)).toHaveLength(2);
    expect(pages[0]?.nextCursor?.length).toBeLessThan(5_000);
  });

  it('outlives a new master key, and ends with the one that sealed it', async () => {
    const business = aBusiness();
    useKeyring(keyringOf('old'));
    await addMixed(business, 3);
    const cursor = await cursorOf(business, { pageSize: '1' });
    useKeyring(keyringOf('new', 'old'));
    const second = await found(business, { pageSize: '1', cursor });
    expect(second.items).toHaveLength(1);
    expect((await found(business, { cursor: second.nextCursor ?? '' })).items).toHaveLength(1);
    useKeyring(keyringOf('new'));
    const { body } = await expectRefused(service, () => business.find({ cursor }), [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '#/cursor' }]);
  });

  it('sealed with a key that this environment has not met yet is opened all the same', async () => {
    const business = aBusiness();
    useKeyring(keyringOf('old'));
    await addMixed(business, 2);
    useKeyring(keyringOf('new', 'old'));
    const cursor = await cursorOf(business, { pageSize: '1' });
    useKeyring(keyringOf('old'));
    await found(business, {});
    writeFileSync(process.env['KEYRING_FILE'] ?? '', JSON.stringify(keyringOf('new', 'old')));
    expect((await found(business, { cursor })).items).toHaveLength(1);
  });
});
