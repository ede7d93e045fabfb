import { describe, expect, it } from '@jest/globals';
import { handler as recountActivity } from '#functions/activity/recount-activity/handler.ts';
import { countLinks } from '#lib/store/histories/count-histories.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { anOrderDto, order } from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('recount-activity');

const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const recount = async ({ businessId }: Business, fix = false) => {
  const { differences, different, fixed } = await run(recountActivity, { businessId, fix });
  return { different, fixed, fields: differences.flatMap((one: any) => one.fields) };
};
const NOTHING = { different: 0, fixed: false, fields: [] };

describe('recount-activity', () => {
  it('finds what differs and writes nothing, unless it is told to', async () => {
    const business = aBusiness();
    const [customer, other] = [await added(business), await added(business)];
    await order(business.businessId, anOrderDto([customer, other]));
    const { _id } = await linkOf(customer._id);
    const links = service.database.collection('customer_link');
    await links.updateOne({ _id }, { $set: { orderCount: 7 }, $unset: { firstOrderAt: '' } });
    const found = { different: 1, fields: ['firstOrderAt', 'orderCount'] };
    expect(await expectNothingWritten(service, () => recount(business))).toEqual({ ...found, fixed: false });
    expect(await recount(business, true)).toEqual({ ...found, fixed: true });
    expect(await recount(business)).toEqual(NOTHING);
    expect(await linkOf(customer._id)).toMatchObject({ orderCount: 1, visitCount: 0 });
  });

  it('walks every business, and goes on where an earlier run stopped', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    for (const business of [one, other]) await added(business);
    const { outcome, counted, after } = await run(recountActivity, { batchSize: 1 });
    expect([outcome, after]).toEqual(['finished', null]);
    expect(counted).toBe(await countIn(service, 'customer_link'));
    const [first] = await service.database
      .collection('customer_link')
      .find()
      .sort({ businessId: 1, customerId: 1 })
      .limit(1)
      .toArray();
    const place = { businessId: String(first!['businessId']), customerId: String(first!['customerId']) };
    expect((await run(recountActivity, { after: place })).counted).toBe(counted - 1);
    // What an operator sees a share of.
    const total = (walk: object): Promise<number> => countLinks(walk, aSystemScope('recount-activity'));
    expect(await Promise.all([total({}), total({ after: place }), total(one), total(aBusiness())])).toEqual([
      counted,
      counted - 1,
      1,
      0,
    ]);
  });
});
