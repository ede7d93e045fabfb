import { describe, expect, it } from '@jest/globals';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';

const service = useService('find-customers');

type Query = Readonly<Record<string, string>>;
const idsOf = ({ body }: { body: { items: { _id: string }[] } }) => body.items.map(({ _id }) => _id);

/** Every id of a list, page by page. */
const walk = async (business: Business, query: Query, pages: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let page = 1; page <= pages; page += 1) {
    ids.push(...idsOf(await business.find({ ...query, page: String(page) })));
  }
  return ids;
};

describe('GET /api/v1/customer/paged', () => {
  it.each([
    ['page=0', { page: '0' }],
    ['page=x', { page: 'x' }],
    ['pageSize=0', { pageSize: '0' }],
    ['pageSize=1001', { pageSize: '1001' }],
    ['pageSize=1.5', { pageSize: '1.5' }],
    ['orderBy=email', { orderBy: 'email' }],
    ['orderDir=down', { orderDir: 'down' }],
    ['state=gone', { state: 'gone' }],
    ['customerType=vip', { customerType: 'vip' }],
    ['updatedSince=yesterday', { updatedSince: 'yesterday' }],
    ['a phrase of 301 characters', { phrase: 'x'.repeat(301) }],
    ['cursor=x', { cursor: 'x' }],
    ['a cursor of 5,001 characters', { cursor: 'x'.repeat(5_001) }],
  ])('answers 400 to %s', async (_what, query) => {
    const answer = await expectRefused(service, () => aBusiness().find(query), [400, 'invalid-request']);
    expect(answer.body.errors).toMatchObject([{ in: 'query', pointer: `#/${Object.keys(query).join()}` }]);
  });

  it.each([
    ['page', 'page=0x10', { page: '0x10' }],
    ['page', 'page=1e2', { page: '1e2' }],
    ['pageSize', 'pageSize=1e1', { pageSize: '1e1' }],
  ])('reads %s in decimal digits only: 400 to %s', async (name, _what, query) => {
    const answer = await expectRefused(service, () => aBusiness().find(query), [400, 'invalid-request']);
    expect(answer.body.errors).toMatchObject([{ in: 'query', pointer: `#/${name}` }]);
  });

  it.each([
    [{ state: '', customerType: '', phrase: '' }, {}],
    [{ page: '', pageSize: '20' }, { pageSize: '20' }],
    [{ updatedSince: '' }, {}],
    [{ cursor: '' }, {}],
    [{ cursor: '', page: '1', orderBy: '', orderDir: '', pageSize: '' }, { page: '1' }],
    [{ email: '' }, {}],
  ])('answers %j as %j, because an empty parameter is an absent one', async (query, same) => {
    const business = aBusiness();
    await addMany(business.businessId, 3, () => ({ firstName: 'A' }));
    const { status, body } = await business.find(query);
    expect([status, body.items.length, body]).toEqual([200, 3, (await business.find(same)).body]);
  });

  it('refuses a parameter that does not exist and names the one that was probably meant', async () => {
    const business = aBusiness();
    const [byEmail, bySize] = [
      await business.find({ email: 'a@b.example' }),
      await business.find({ pagesize: '5' }),
    ];
    expectProblem(byEmail, 400, 'unknown-parameter');
    expectProblem(bySize, 400, 'unknown-parameter');
    expect(byEmail.body.message).toMatch(/: email\. Use one of these: `page`, .*`phrase`/);
    expect(bySize.body.message).toBe('Some parameters are not valid: pagesize. Did you mean `pageSize`?');
    expect(bySize.body.errors).toMatchObject([
      {
        in: 'query',
        pointer: '#/pagesize',
        error: 'unknown-parameter',
        message: expect.stringContaining('`pageSize`'),
      },
    ]);
  });

  it('answers an empty page to a business that has nobody', async () => {
    const { status, body } = await aBusiness().find();
    expect([status, body]).toEqual([200, { items: [], totalSize: 0 }]);
  });

  it('answers the newest 20 first, each as GET by id answers it', async () => {
    const business = aBusiness();
    const ids = await addMany(business.businessId, 25, (index) => ({
      firstName: 'A',
      at: new Date(1_700_000_000_000 + index),
    }));
    const { body } = await business.find();
    expect(body.totalSize).toBe(25);
    expect(body.items.map(({ _id }: { _id: string }) => _id)).toEqual(ids.toReversed().slice(0, 20));
    expect(body.items[0]).toEqual((await business.get(ids[24] ?? '')).body);
  });

  it('shows nothing of other businesses', async () => {
    await added(aBusiness());
    expect((await aBusiness().find()).body.totalSize).toBe(0);
  });

  it('answers exactly as many as asked for, without a repeat, over all pages', async () => {
    const business = aBusiness();
    const ids = await addMany(business.businessId, 210, () => ({ firstName: 'Same', lastName: 'Name' }));
    const walked = await walk(business, { pageSize: '20', orderBy: 'name' }, 11);
    expect(walked).toHaveLength(210);
    expect(new Set(walked)).toEqual(new Set(ids));
    expect(idsOf(await business.find({ page: '11', orderBy: 'name' }))).toHaveLength(10);
    expect(idsOf(await business.find({ page: '12' }))).toEqual([]);
    expect(idsOf(await business.find({ pageSize: '200' }))).toHaveLength(200);
  });

  it('answers a page of 1,000 at once', async () => {
    const business = aBusiness();
    await addMany(business.businessId, 1_001, (index) => ({ firstName: `N${String(index)}` }));
    const { body } = await business.find({ pageSize: '1000', orderBy: 'id', orderDir: 'asc' });
    expect([body.items.length, body.totalSize]).toEqual([1_000, 1_001]);
  });

  it('answers 400 page-too-large with a size that fits, when an answer would pass 5 MiB', async () => {
    const business = aBusiness();
    const note = `x${'\u0001'.repeat(4_999)}`;
    await addMany(business.businessId, 200, () => ({ firstName: 'L', note }));
    const answer = await business.find({ pageSize: '200' });
    expectProblem(answer, 400, 'page-too-large');
    const fitting = answer.body.fittingPageSize;
    const fits = await business.find({ pageSize: String(fitting) });
    expect([fits.status, fits.body.items.length]).toEqual([200, fitting]);
    expect(Buffer.byteLength(fits.text)).toBeLessThan(5.1 * 1024 * 1024);
  });

  it('ignores the parameters that the panel may add', async () => {
    const business = aBusiness();
    const tenant = { 'X-Business-Tenant-Id': business.businessId, members: 'all', 'statuses[]': 'a' };
    expect((await business.find(tenant)).status).toBe(200);
  });
});

describe('GET /api/v1/customer/paged in an order', () => {
  const PEOPLE = [
    { firstName: 'Zoë', lastName: null },
    { firstName: 'Bea', lastName: 'Adamska' },
    { firstName: 'adam', lastName: 'Łukasiewicz' },
    { firstName: 'Bea', lastName: 'łukasiewicz' },
    { firstName: null, lastName: 'Lutz' },
    { firstName: 'Zenon', lastName: 'ÉMILE' },
  ];
  const nameOf = ({ firstName, lastName }: { firstName: string | null; lastName: string | null }) =>
    `${lastName ?? '-'} ${firstName ?? '-'}`;
  const inOrder = async (business: Business, query: Query): Promise<string[]> =>
    (await business.find(query)).body.items.map(nameOf);

  it.each([
    ['name', ['Adamska Bea', 'ÉMILE Zenon', 'Łukasiewicz adam', 'łukasiewicz Bea', 'Lutz -', '- Zoë']],
    ['lastName', ['Adamska Bea', 'ÉMILE Zenon', 'Łukasiewicz adam', 'łukasiewicz Bea', 'Lutz -', '- Zoë']],
    ['firstName', ['Łukasiewicz adam', 'Adamska Bea', 'łukasiewicz Bea', 'Lutz -', 'ÉMILE Zenon', '- Zoë']],
  ])('%s: case and marks make no difference', async (orderBy, expected) => {
    const business = aBusiness();
    await addMany(business.businessId, PEOPLE.length, (index) => ({ ...PEOPLE[index] }));
    expect(await inOrder(business, { orderBy, orderDir: 'asc' })).toEqual(expected);
    expect(await inOrder(business, { orderBy, orderDir: 'desc' })).toEqual(expected.toReversed());
  });

  it.each(['createdAt', 'updatedAt', 'name', 'firstName', 'lastName', 'id'])(
    '%s: ties are broken by the id',
    async (orderBy) => {
      const business = aBusiness();
      const at = new Date(1_700_000_000_000);
      const ids = await addMany(business.businessId, 30, () => ({ firstName: 'A', lastName: 'B', at }));
      const ascending = await walk(business, { orderBy, orderDir: 'asc', pageSize: '7' }, 5);
      expect(ascending).toEqual(ids.toSorted());
      expect(await walk(business, { orderBy, pageSize: '7' }, 5)).toEqual(ascending.toReversed());
    },
  );

  it('updatedAt: a change moves a customer to the end, createdAt leaves it', async () => {
    const business = aBusiness();
    const ids = await addMany(business.businessId, 3, (index) => ({
      firstName: 'A',
      at: new Date(1_700_000_000_000 + index),
    }));
    const [first = '', second, third] = ids;
    await business.change(first, { note: 'now' });
    const asc = { orderDir: 'asc' };
    expect(idsOf(await business.find({ ...asc, orderBy: 'updatedAt' }))).toEqual([second, third, first]);
    expect(idsOf(await business.find({ ...asc, orderBy: 'createdAt' }))).toEqual(ids);
  });
});

describe('GET /api/v1/customer/paged with filters', () => {
  it('without a state answers all, deleted too; with one, only those', async () => {
    const business = aBusiness();
    const byState = new Map<string, string>();
    for (const state of ['active', 'suspended', 'inactive', 'archived', 'deleted']) {
      byState.set(state, (await added(business, { state }))._id);
    }
    const found = async (query: Query) => new Set(idsOf(await business.find(query)));
    const of = (...states: string[]) => new Set(states.map((state) => byState.get(state)));
    expect(await found({})).toEqual(of(...byState.keys()));
    expect(await found({ state: 'active' })).toEqual(of('active'));
    expect(await found({ state: 'suspended' })).toEqual(of('suspended', 'inactive'));
    expect(await found({ state: 'inactive' })).toEqual(of('suspended', 'inactive'));
    expect(await found({ state: 'archived' })).toEqual(of('archived'));
    expect(await found({ state: 'deleted' })).toEqual(of('deleted'));
  });

  it('counts and pages what all filters together leave', async () => {
    const business = aBusiness();
    const types = ['new', 'unregistered', 'anonymous'] as const;
    await addMany(business.businessId, 60, (index) => ({
      firstName: index % 2 === 0 ? 'Even' : 'Odd',
      customerType: types[index % 3] ?? 'new',
      state: index % 5 === 0 ? 'archived' : 'active',
    }));
    const query = { customerType: 'new', state: 'active', phrase: 'even', pageSize: '3' };
    const { body } = await business.find(query);
    // Of 60: every 6th is even and new, and every 5th of those is archived.
    expect([body.items.length, body.totalSize]).toEqual([3, 8]);
    expect(new Set(await walk(business, query, 3)).size).toBe(8);
  });
});
