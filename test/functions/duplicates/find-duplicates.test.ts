import { beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('find-duplicates');

/** Nothing of one is like anything of another, but what is given. */
const apart = (index: number) => ({
  firstName: `Canary${'bcdfghjklm'[index % 10] ?? ''}`,
  lastName: `Canary${'npqrstvwxz'[Math.floor(index / 10) % 10] ?? ''}${String(index).repeat(3)}`,
  email: `canary${String(index * 7919).padStart(6, '0')}@${'abcdefghij'[index % 10] ?? ''}.example`,
  phone: `492627${String(index * 10_007_919)
    .padStart(9, '0')
    .slice(-9)}`,
});

const answerOf = async (business: Business, query: Record<string, string> = {}) => {
  const { status, body } = await business.duplicates(query);
  expect(status).toBe(200);
  return body;
};
/** Lets several have the same. */
const settings = { ...DEFAULT_SETTINGS, uniqueEmail: false, uniquePhone: false };
/** The pairs by their ids, with what speaks for each. */
const told = (items: readonly any[]) =>
  items.map(({ customers, score, reasons }) => [...customers.map(({ _id }: any) => _id), score, ...reasons]);
/** Every page of a walk. */
const pagesOf = async (business: Business, pageSize: number) => {
  const pages: any[] = [];
  for (let cursor: string | undefined; pages.length < 200;) {
    const page = await answerOf(business, {
      pageSize: String(pageSize),
      ...(cursor !== undefined && { cursor }),
    });
    pages.push(page);
    cursor = page.nextCursor;
    if (cursor === undefined) return pages;
  }
  throw new Error('This walk does not end.');
};

describe('GET /api/v1/customer/duplicates', () => {
  it('answers nothing to a business without duplicates', async () => {
    const business = aBusiness();
    expect(await answerOf(business)).toEqual({ items: [] });
    await addMany(business.businessId, 30, apart);
    expect(await answerOf(business)).toEqual({ items: [] });
  });

  it('answers both customers, the smaller id first, with a score and what speaks for it', async () => {
    const business = aBusiness();
    const later = await added(business, {
      ...{ ...apart(20), _id: 'f'.repeat(24), firstName: 'Ola', lastName: 'Canary-Nowak' },
    });
    const first = await added(business, {
      ...{ ...apart(21), _id: aBusinessId(), firstName: 'Nowak Canary', lastName: 'Ola' },
      phone: `43${String(later.phone).slice(-9)}`,
    });
    await addMany(business.businessId, 10, apart);
    const { items } = await answerOf(business);
    expect(items).toHaveLength(1);
    expect(items[0].customers).toEqual([first, later]);
    expect(items[0].reasons).toEqual(['swapped-names', 'similar-phone']);
    expect(items[0].score).toBe(63);
  });

  it('sees what is created, changed, deleted and restored at once', async () => {
    const business = aBusiness();
    const one = await added(business, { ...apart(1), firstName: 'Ola', lastName: 'Canary' });
    const other = await added(business, { ...apart(2), firstName: 'Ola', lastName: 'Canary' });
    const pairs = async () => told((await answerOf(business)).items).length;
    expect(await pairs()).toBe(1);
    await business.patch(one._id, { lastName: 'Other' });
    expect(await pairs()).toBe(0);
    await business.change(one._id, { ...one, lastName: 'Canayr' });
    expect(await pairs()).toBe(1);
    await business.delete(other._id);
    expect([await pairs(), (await answerOf(business, { customerId: other._id })).items]).toEqual([0, []]);
    await business.restore(other._id);
    expect(await pairs()).toBe(1);
    await business.bulk([{ delete: { _id: one._id } }]);
    expect(await pairs()).toBe(0);
  });

  it('compares nobody with a customer of another business', async () => {
    const same = {
      firstName: 'Ola',
      lastName: 'Canary',
      email: 'canary-ola@b.example',
      phone: '49262712345678',
    };
    const [business, other] = [aBusiness(), aBusiness()];
    const { _id } = await added(business, same);
    await added(other, same);
    expect(await answerOf(business)).toEqual({ items: [] });
    expect(await answerOf(business, { customerId: _id })).toEqual({ items: [] });
  });

  it('writes nothing', async () => {
    const business = aBusiness();
    await added(business);
    await expectNothingWritten(service, () => answerOf(business));
  });

  it.each([
    ['pageSize=0', { pageSize: '0' }, 'pageSize'],
    ['pageSize=51', { pageSize: '51' }, 'pageSize'],
    ['no id', { customerId: 'x' }, 'customerId'],
    ['a cursor of nothing', { cursor: 'x' }, 'cursor'],
    ['a cursor beside an id', { cursor: 'x', customerId: 'a'.repeat(24) }, 'cursor'],
  ])('answers 400 to %s', async (_what, query, where) => {
    const request = () => aBusiness().duplicates(query);
    const { body } = await expectRefused(service, request, [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: `#/${where}` }]);
  });

  it('answers 400 to a cursor of another business or list', async () => {
    const [business, other] = [aBusiness(), aBusiness()];
    for (const { businessId } of [business, other])
      await addMany(businessId, 3, () => ({ firstName: 'Ola', lastName: 'Canary' }));
    const { nextCursor: cursor } = await answerOf(other, { pageSize: '1' });
    const ofList = (await business.find({ pageSize: '1' })).body.nextCursor;
    for (const foreign of [cursor, ofList]) {
      const request = () => business.duplicates({ cursor: foreign });
      await expectRefused(service, request, [400, 'invalid-request']);
    }
  });
});

describe('the duplicates of one customer', () => {
  it('come the most alike first, each with the smaller id first', async () => {
    const business = aBusiness();
    const names = (id: string, lastName: string) => ({ _id: id.repeat(24), firstName: 'Anna', lastName });
    const asked = await added(business, { ...names('7', 'Canary'), phone: '49262712345678' });
    const slipped = await added(business, { ...apart(1), ...names('8', 'Canayr') });
    const email = asked.email.replace('@', '@x.');
    const same = await added(business, { ...names('6', 'Canary'), phone: '262712345678', email });
    const { items } = await answerOf(business, { customerId: asked._id });
    expect(told(items)).toEqual([
      [same._id, asked._id, 87, 'same-name', 'similar-email', 'same-phone'],
      [asked._id, slipped._id, 40, 'similar-name'],
    ]);
    const [best] = (await answerOf(business, { customerId: asked._id, pageSize: '1' })).items;
    expect(best).toEqual(items[0]);
  });

  it('are 404 of an unknown id and of another business’s', async () => {
    const { _id } = await added(aBusiness());
    for (const customerId of [_id, aBusinessId()]) {
      const request = () => aBusiness().duplicates({ customerId });
      await expectRefused(service, request, [404, 'customer-not-found']);
    }
  });
});

describe('who sees contacts masked', () => {
  it('is told whether they are the same, not whether they are nearly so', async () => {
    const business = aBusiness();
    const [email, phone] = ['canary.ola@b.example', '49262712345678'];
    await added(business, { firstName: 'Ola', lastName: 'Canary', email, phone });
    await added(business, {
      firstName: 'Ola',
      lastName: 'Canary',
      email: 'canary.ola@c.example',
      phone: '262712345678',
    });
    const support = business.as({ role: 'SUPPORT' });
    const [open, masked] = [(await answerOf(business)).items, (await answerOf(support)).items];
    expect(open[0].reasons).toEqual(['same-name', 'similar-email', 'same-phone']);
    expect(masked[0].reasons).toEqual(['same-name', 'same-phone']);
    expect([open[0].score, masked[0].score]).toEqual([87, 80]);
    for (const shown of masked[0].customers)
      expect([shown.email, shown.phone]).toEqual(['c•••@•••.example', '•••78']);
  });

  it('is not shown a pair because its emails are nearly the same', async () => {
    const business = aBusiness();
    await addMany(business.businessId, 4, (index) => ({
      ...apart(index),
      firstName: 'Ola',
      lastName: 'Canary',
    }));
    await added(business, {
      ...apart(4),
      ...{ firstName: 'Ola', lastName: 'Canary', email: 'canary000000@ab.example' },
    });
    expect((await answerOf(business)).items.map(({ reasons }: any) => reasons)).toEqual([
      ['same-name', 'similar-email'],
    ]);
    expect((await answerOf(business.as({ role: 'SUPPORT' }))).items).toEqual([]);
  });
});

describe('a walk through all pairs', () => {
  const business = aBusiness();
  const PEOPLE = 120;
  /** Every fourth has a twin, and six are one family. */
  beforeAll(async () => {
    await addMany(business.businessId, PEOPLE, (index) => ({
      ...apart(index % 4 === 3 ? index - 1 : index),
      ...(index % 20 === 0 && { phone: '49262700000000' }),
      settings,
    }));
  });

  it.each([2, 7, 50])('by %i gives each pair once, in one order', async (pageSize) => {
    const pages = await pagesOf(business, pageSize);
    const pairs = told(pages.flatMap(({ items }) => items)).map(([one, other]) => `${one} ${other}`);
    expect(pairs).toEqual([...new Set(pairs)].sort());
    expect(pairs).toHaveLength(PEOPLE / 4 + (6 * 5) / 2);
    for (const { items } of pages) expect(items.length).toBeLessThanOrEqual(pageSize);
  });

  it('finds for each customer what the walk has of it', async () => {
    const walked = (await pagesOf(business, 50)).flatMap(({ items }) => items);
    const [{ customers }] = walked;
    const { _id: customerId } = customers[0];
    const own = walked.filter((item: any) => item.customers.some(({ _id }: any) => _id === customerId));
    const asked = await answerOf(business, { customerId, pageSize: '50' });
    expect(told(asked.items).sort()).toEqual(told(own).sort());
  });
});

describe('what too many have in common', () => {
  it('leads nobody to anybody, and the answer says of which kind it is', async () => {
    const business = aBusiness();
    const shared = { phone: '49262700000000', settings };
    const ids = await addMany(business.businessId, 20, (index) => ({ ...apart(index), ...shared }));
    const twenty = await answerOf(business, { customerId: ids[0]! });
    expect([twenty.items.length, twenty.tooCommon]).toEqual([19, undefined]);
    await addMany(business.businessId, 1, () => ({ ...apart(20), ...shared }));
    expect(await answerOf(business)).toEqual({ items: [], tooCommon: ['phone'] });
    expect(await answerOf(business, { customerId: ids[0]! })).toEqual({ items: [], tooCommon: ['phone'] });
  });

  it('does not keep others from being found, however many it is', async () => {
    const business = aBusiness();
    const crowd = { firstName: 'Walk', lastName: 'Canary', phone: '49262700000000', settings };
    await addMany(business.businessId, 600, () => crowd);
    const [one, other] = [apart(1), { ...apart(2), email: apart(1).email, settings }];
    const ids = await addMany(business.businessId, 2, (index) => (index === 0 ? one : other));
    const pages = await pagesOf(business, 20);
    expect(told(pages.flatMap(({ items }) => items))).toEqual([[...ids, 75, 'same-email']]);
    expect(new Set(pages.flatMap(({ tooCommon = [] }) => tooCommon))).toEqual(new Set(['name', 'phone']));
    // 500 customers a page.
    expect(pages).toHaveLength(2);
  });

  it('is a name alone, from the fourth who has it', async () => {
    const business = aBusiness();
    const named = (index: number) => ({ ...apart(index), firstName: 'Ola', lastName: 'Canary' });
    await addMany(business.businessId, 3, named);
    expect((await answerOf(business)).items).toHaveLength(3);
    await addMany(business.businessId, 1, () => named(3));
    expect(await answerOf(business)).toEqual({ items: [] });
  });
});
