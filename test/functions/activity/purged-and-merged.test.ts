import { describe, expect, it } from '@jest/globals';
import { handler as recountActivity } from '#functions/activity/recount-activity/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { anOrderDto, anOrderLine, aPaymentDto, atMinute, order, pay } from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { setPurgeAfter } from '#test/support/due.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('purged-and-merged');

const purgeNow = async (...ids: string[]) => {
  await setPurgeAfter(service, ids, new Date(Date.now() - 60 * 60 * 1_000));
  await run(purge, {});
};
const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const countsOf = async (customerId: string) => {
  const { orderCount, visitCount, spend } = await linkOf(customerId);
  return { orderCount, visitCount, paid: spend[0]?.paid ?? 0 };
};
const visit = (people: readonly any[], day: number, overrides = {}) =>
  anOrderDto([], {
    status: 'done',
    services: people.map((one) =>
      anOrderLine([one], { status: 'done', start: `2026-06-${String(day)}T10:00:00.000Z` }),
    ),
    ...overrides,
  });
const recount = async ({ businessId }: Business) => {
  const { differences, different, fixed } = await run(recountActivity, { businessId });
  return { different, fixed, fields: differences.flatMap((one: any) => one.fields) };
};
const NOTHING = { different: 0, fixed: false, fields: [] };

describe('when a merged customer is purged', () => {
  it('its orders and payments become those of the survivor, one that both had becomes one, and counts follow', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    const both = visit([survivor, loser], 20);
    await order(business.businessId, both, { time: atMinute(1) });
    await order(business.businessId, visit([loser], 11), { time: atMinute(1) });
    await pay(business.businessId, aPaymentDto(loser));
    await business.merge(survivor._id, { loserId: loser._id });
    const counts = { orderCount: 3, visitCount: 3, paid: 12_050 };
    expect(await countsOf(survivor._id)).toEqual(counts);
    await purgeNow(loser._id);
    expect(await recount(business)).toEqual(NOTHING);
    expect(await run(finishErasures, {})).toMatchObject({ outcome: 'finished' });
    expect(await countIn(service, 'activity', { customerId: loser._id })).toBe(0);
    const kept = await documentsIn(service, 'activity', { customerId: survivor._id });
    expect(kept).toHaveLength(3);
    for (const one of kept) expect(one.attendeeIds.map(String)).toContain(loser._id);
    expect(await countsOf(survivor._id)).toEqual({ ...counts, orderCount: 2, visitCount: 2 });
    expect((await linkOf(survivor._id)).firstVisitAt).toEqual(new Date('2026-06-11T10:00:00Z'));
    expect(await recount(business)).toEqual(NOTHING);
    await order(business.businessId, { ...both, status: 'cancelled' }, { time: atMinute(2) });
    await order(business.businessId, visit([loser], 25), { time: atMinute(2) });
    expect(await countsOf(survivor._id)).toEqual({ ...counts, orderCount: 2, visitCount: 2 });
    expect((await business.get(loser._id)).body._id).toBe(survivor._id);
    expect(await recount(business)).toEqual(NOTHING);
  });

  it('and an event comes before its orders were given away, it counts once in the end', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    const sent = visit([loser], 11);
    await order(business.businessId, sent, { time: atMinute(1) });
    await business.merge(survivor._id, { loserId: loser._id });
    await purgeNow(loser._id);
    await order(business.businessId, sent, { time: atMinute(2) });
    await run(finishErasures, {});
    expect(await countsOf(survivor._id)).toEqual({ orderCount: 1, visitCount: 1, paid: 0 });
    expect(await recount(business)).toEqual(NOTHING);
  });

  it('its orders go where no survivor is left, and name nobody again', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    const sent = visit([loser], 11);
    await order(business.businessId, sent, { time: atMinute(1) });
    await business.merge(survivor._id, { loserId: loser._id });
    await business.delete(survivor._id);
    await purgeNow(survivor._id, loser._id);
    await run(finishErasures, {});
    await order(business.businessId, sent, { time: atMinute(2) });
    const { businessId } = business;
    expect(await countIn(service, 'activity', { businessId })).toBe(0);
    expect(await countIn(service, 'customer_link', { businessId })).toBe(0);
  });
});
