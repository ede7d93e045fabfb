import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { isLive, stateMeaning, WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { hour, setTotals, store, type StoredActivity } from '#test/support/stored-activity.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';

const service = useService('get-customer-statistics');

const NOBODY = {
  byType: { regular: 0, unregistered: 0, new: 0, anonymous: 0 },
  byState: { active: 0, suspended: 0, archived: 0, deleted: 0 },
};
const DAY_MS = 86_400_000;
/** The day so many days ago. */
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

const statisticsOf = async (business: Business, query: Record<string, string> = {}) => {
  const { status, body } = await business.statistics(query);
  expect(status).toBe(200);
  return body;
};

describe('GET /api/v1/customer/statistics', () => {
  it('answers every type, every state and every day with 0 to a business that has nobody', async () => {
    const { newPerDay, visits, ...counts } = await statisticsOf(aBusiness());
    expect(counts).toEqual(NOBODY);
    expect(visits).toEqual({ total: 0, first: 0, returning: 0 });
    expect(newPerDay).toHaveLength(30);
    expect(newPerDay.at(-1)).toEqual({ day: daysAgo(0), count: 0 });
    expect(newPerDay[0]).toEqual({ day: daysAgo(29), count: 0 });
  });

  it('counts at once who is created, changed, deleted and restored', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const counts = async () => {
      const { byType, byState, newPerDay } = await statisticsOf(business, { from: daysAgo(0) });
      return [byType.regular, byType.new, byState.active, byState.deleted, newPerDay.at(-1).count];
    };
    expect(await counts()).toEqual([1, 0, 1, 0, 1]);
    await business.change(_id, { customerType: 'new' });
    expect(await counts()).toEqual([0, 1, 1, 0, 1]);
    await business.delete(_id);
    expect(await counts()).toEqual([0, 0, 0, 1, 0]);
    await business.restore(_id);
    expect(await counts()).toEqual([0, 1, 1, 0, 1]);
  });

  it('counts inactive as suspended', async () => {
    const business = aBusiness();
    for (const state of ['inactive', 'suspended']) await added(business, { state });
    expect((await statisticsOf(business)).byState).toEqual({ ...NOBODY.byState, suspended: 2 });
  });

  it('counts by days in UTC, from the first moment of the first to the last moment of the last', async () => {
    const business = aBusiness();
    const moments = [
      ...['2024-02-28T23:59:59.999Z', '2024-02-29T00:00:00.000Z'],
      ...['2024-02-29T23:59:59.999Z', '2024-03-01T23:59:59.999Z', '2024-03-02T00:00:00.000Z'],
    ];
    await addMany(business.businessId, moments.length, (index) => ({
      firstName: 'A',
      at: new Date(moments[index]!),
    }));
    const { newPerDay } = await statisticsOf(business, { from: '2024-02-29', to: '2024-03-01' });
    expect(newPerDay).toEqual([
      { day: '2024-02-29', count: 2 },
      { day: '2024-03-01', count: 1 },
    ]);
  });

  it('reads the day of any id, also of one that begins like an exponent', async () => {
    const business = aBusiness();
    const heads = ['e5', 'e99', 'ea', 'e', 'd3', '00', 'f'];
    await addMany(business.businessId, heads.length, (index) => ({
      id: `${heads[index]!}${business.businessId}`.slice(0, 24),
      firstName: 'A',
      at: new Date('2024-02-29T12:00:00.000Z'),
    }));
    const { newPerDay } = await statisticsOf(business, { from: '2024-02-29', to: '2024-02-29' });
    expect(newPerDay).toEqual([{ day: '2024-02-29', count: heads.length }]);
  });

  it('counts nobody of another business', async () => {
    await added(aBusiness());
    expect(await statisticsOf(aBusiness())).toMatchObject(NOBODY);
  });

  it('answers a year of days, and days nobody can have been created on', async () => {
    const year = await statisticsOf(aBusiness(), { from: '2024-01-01', to: '2024-12-31' });
    expect(year.newPerDay).toHaveLength(366);
    for (const day of ['0000-01-01', '1969-12-31', '9999-12-31']) {
      const { newPerDay } = await statisticsOf(aBusiness(), { from: day, to: day });
      expect(newPerDay).toEqual([{ day, count: 0 }]);
    }
  });

  it.each([
    ['from=yesterday', { from: 'yesterday' }, 'from', 'invalid-format'],
    ['a blank from', { from: ' ' }, 'from', 'invalid-format'],
    ['a moment', { from: '2026-01-01T00:00:00.000Z' }, 'from', 'invalid-format'],
    ['a day that no calendar has', { to: '2026-02-29' }, 'to', 'invalid-format'],
    ['a day of one digit', { to: '2026-1-1' }, 'to', 'invalid-format'],
    ['a year of five digits', { to: '10000-01-01' }, 'to', 'invalid-format'],
    ['days backwards', { from: '2026-01-02', to: '2026-01-01' }, 'from', 'range-order'],
    ['tomorrow', { from: daysAgo(-1) }, 'from', 'range-order'],
    ['367 days', { from: '2024-01-01', to: '2025-01-01' }, 'from', 'range-length'],
    ['367 days up to today', { from: daysAgo(366) }, 'from', 'range-length'],
  ])('answers 400 to %s', async (_what, query, where, error) => {
    const request = () => aBusiness().statistics(query);
    const { body } = await expectRefused(service, request, [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: `#/${where}`, error }]);
  });
});

describe('visits in the statistics', () => {
  const DAY = { from: '2026-01-02', to: '2026-01-03' };
  /** A customer with visits at these hours of January, and with other orders beside them. */
  const aVisitor = async (
    business: Business,
    hours: readonly number[],
    more: readonly StoredActivity[] = [],
  ) => {
    const { _id: customerId } = await added(business);
    const visits = hours.map((number) => ({ startAt: hour(number) }));
    await store(service, { business, customerId }, 'order', [...visits, ...more]);
    if (hours.length > 0) await setTotals(service, customerId, { firstVisitAt: hour(Math.min(...hours)) });
    return customerId;
  };
  const visitsOf = async (business: Business) => (await statisticsOf(business, DAY)).visits;

  it('are those that began on the days asked for; the first of a customer is told apart', async () => {
    const business = aBusiness();
    await aVisitor(business, [23, 24, 71, 72]);
    await aVisitor(business, [24, 30, 100]);
    await aVisitor(business, [71]);
    await aVisitor(business, [72]);
    expect(await visitsOf(business)).toEqual({ total: 5, first: 2, returning: 3 });
  });

  it('are no orders that are booked or cancelled, no payments, and nothing of another business', async () => {
    const business = aBusiness();
    const orders = ['booked', 'cancelled', 'no'].map((counts) => ({ startAt: hour(30), counts }));
    const customerId = await aVisitor(business, [], orders);
    await store(service, { business, customerId }, 'payment', [{ startAt: hour(30) }]);
    await aVisitor(aBusiness(), [30]);
    expect(await visitsOf(business)).toEqual({ total: 0, first: 0, returning: 0 });
  });

  it('have one first one for everybody who was merged', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await aVisitor(business, [40]), await aVisitor(business, [30, 50])];
    await business.merge(survivor, { loserId: loser });
    await setTotals(service, survivor, { firstVisitAt: hour(30) });
    expect(await visitsOf(business)).toEqual({ total: 3, first: 1, returning: 2 });
  });
});

const someCustomer = fc.record({
  customerType: fc.constantFrom(...CUSTOMER_TYPES),
  state: fc.constantFrom(...WRITTEN_STATES),
  /** Days and milliseconds before now. */
  day: fc.nat({ max: 50 }),
  ms: fc.nat({ max: DAY_MS }),
});
type SomeCustomer = typeof someCustomer extends fc.Arbitrary<infer T> ? T : never;
const someRange = fc.record({ first: fc.nat({ max: 40 }), days: fc.integer({ min: 1, max: 40 }) });

/** What the statistics must be, counted one by one. */
const countedByHand = (customers: readonly (SomeCustomer & { at: Date })[], days: readonly string[]) => {
  const live = customers.filter(({ state }) => isLive(stateMeaning(state)));
  const among = <T>(list: readonly T[], is: (one: T) => boolean) => list.filter(is).length;
  const { byType, byState } = NOBODY;
  return {
    byType: Object.fromEntries(
      Object.keys(byType).map((type) => [type, among(live, ({ customerType }) => customerType === type)]),
    ),
    byState: Object.fromEntries(
      Object.keys(byState).map((state) => [
        state,
        among(customers, (one) => stateMeaning(one.state) === state),
      ]),
    ),
    newPerDay: days.map((day) => ({
      day,
      count: among(live, ({ at }) => at.toISOString().startsWith(day)),
    })),
  };
};

describe('statistics of random customers', () => {
  it('are what counting them one by one gives', async () => {
    const property = fc.asyncProperty(
      fc.array(someCustomer, { maxLength: 60 }),
      someRange,
      async (people, { first, days }) => {
        const business = aBusiness();
        const now = Date.now();
        const customers = people.map((one) => ({ ...one, at: new Date(now - one.day * DAY_MS - one.ms) }));
        await addMany(business.businessId, customers.length, (index) => {
          const { customerType, state, at } = customers[index]!;
          const contact = { email: `p${String(index)}@b.example`, phone: String(48_600_000_000 + index) };
          return { customerType, state, at, firstName: 'A', ...contact };
        });
        const wanted = Array.from({ length: days }, (_, index) => daysAgo(first + days - 1 - index));
        const query = { from: wanted[0]!, to: wanted.at(-1)! };
        const { visits: _, ...counted } = await statisticsOf(business, query);
        expect(counted).toEqual(countedByHand(customers, wanted));
      },
    );
    await fc.assert(property, { numRuns: 20 });
  });
});
