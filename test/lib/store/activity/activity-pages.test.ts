import { beforeAll, describe, expect, it } from '@jest/globals';
import { ACTIVITY_CUSTOMER_INDEX } from '#lib/store/collections/activity.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { plansOf } from '#test/support/plans-of.ts';
import { hour, store } from '#test/support/stored-activity.ts';
import { useService } from '#test/support/service.ts';

const service = useService('activity-pages');
const business = aBusiness();
const EACH = 1_200;
const PAGE = 20;
const DEEP_PAGE = 50;
/** One more shows whether another page follows. An engine may also examine the ones before and after these. */
const KEYS = PAGE + 3;
/** Favourites and the preferred method are made of so many. */
const KEYS_OF_NEWEST = 500 + 2;
const KINDS = ['order', 'payment'] as const;
type Kind = (typeof KINDS)[number];
type Query = Readonly<Record<string, string>>;

let id: string;
let survivor: string;
beforeAll(async () => {
  const [one, another, loser] = [await added(business), await added(business), await added(business)];
  id = one._id;
  survivor = another._id;
  for (const kind of KINDS)
    for (const customerId of [id, survivor, loser._id])
      await store(
        service,
        { business, customerId },
        kind,
        Array.from({ length: EACH }, (_, index) => ({ startAt: hour(index) })),
      );
  await business.merge(survivor, { loserId: loser._id });
}, 120_000);

const ask = (kind: Kind, of: string, query: Query) =>
  kind === 'order' ? business.orders(of, query) : business.payments(of, query);

/** How a page reads the orders or payments. */
const plansOfPage = async (kind: Kind, of: string, query: Query) => {
  const plans = await plansOf(service, async () => {
    expect((await ask(kind, of, query)).status).toBe(200);
  });
  return plans.filter(({ on }) => on === 'activity');
};

/** The cursor that leads to page 50. */
const cursorToDeepPage = async (kind: Kind, of: string, query: Query): Promise<string> => {
  let cursor = '';
  for (let passed = 0; passed < (DEEP_PAGE - 1) * PAGE;) {
    const pageSize = Math.min(200, (DEEP_PAGE - 1) * PAGE - passed);
    const { body } = await ask(kind, of, { ...query, cursor, pageSize: String(pageSize) });
    cursor = body.nextCursor;
    passed += body.items.length;
  }
  return cursor;
};

const walking = { indexes: [ACTIVITY_CUSTOMER_INDEX], sortsInMemory: false, scansCollection: false };

/** Each page of payments also tells the preferred method, which is made of the newest as favourites are. */
const alsoReadsNewest = (kind: Kind) => kind === 'payment';

describe.each(KINDS)('of many: %s', (kind) => {
  it('the first page reads its own and as many as favourites need, in the order of the index', async () => {
    const [page, newest, ...others] = await plansOfPage(kind, id, {});
    expect([page, newest, others]).toMatchObject([walking, walking, []]);
    expect(page?.keysExamined).toBeLessThanOrEqual(KEYS);
    expect(newest?.keysExamined).toBeLessThanOrEqual(KEYS_OF_NEWEST);
  });

  it.each<[string, Query]>([
    ['of all', {}],
    ['of most of the time', { from: hour(1).toISOString(), to: hour(EACH - 1).toISOString() }],
    ['of a status that all have', { status: kind === 'order' ? 'done' : 'succeeded' }],
  ])('page 50 reads no more than page 1, %s', async (_what, query) => {
    const cursor = await cursorToDeepPage(kind, id, query);
    const [page, ...others] = await plansOfPage(kind, id, { ...query, cursor });
    expect([page, ...others]).toMatchObject(alsoReadsNewest(kind) ? [walking, walking] : [walking]);
    expect(page?.keysExamined).toBeLessThanOrEqual(KEYS);
    for (const { keysExamined } of others) expect(keysExamined).toBeLessThanOrEqual(KEYS_OF_NEWEST);
  });

  it('a page of a survivor reads so many of each that was merged into it', async () => {
    const cursor = await cursorToDeepPage(kind, survivor, {});
    for (const query of [{}, { cursor }]) {
      const plans = await plansOfPage(kind, survivor, query);
      const isLonger = alsoReadsNewest(kind) || query.cursor === undefined;
      expect(plans).toMatchObject(isLonger ? [walking, walking, walking, walking] : [walking, walking]);
      for (const { keysExamined } of plans.slice(0, 2)) expect(keysExamined).toBeLessThanOrEqual(KEYS);
    }
  });
});
