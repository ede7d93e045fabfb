import { expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { REACH_INDEX } from '#lib/store/collections/customer-link.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { readPlan } from '#test/support/explain.ts';
import { addMany } from '#test/support/many-customers.ts';

const service = useService('reach-index');

it('those who may be reached are found in the order of their creation, without the others', async () => {
  const business = aBusinessId();
  await addMany(business, 600, (index) => ({ firstName: `First${String(index)}` }));
  const businessId = new Types.ObjectId(business);
  const links = service.database.collection('customer_link');
  const some = await links.find({ businessId }).sort({ createdKey: 1 }).limit(40).toArray();
  await links.updateMany(
    { businessId, _id: { $in: some.map(({ _id }) => _id) } },
    { $set: { mayReach: ['feedback:email', 'marketing:email'] } },
  );
  const command = {
    find: 'customer_link',
    filter: { businessId, mayReach: 'marketing:email', createdKey: { $gt: some[9]?.['createdKey'] } },
    sort: { createdKey: 1 },
    limit: 20,
    hint: REACH_INDEX,
  };
  const answer = await service.database.db?.command({ explain: command, verbosity: 'executionStats' });
  const plan = readPlan(answer ?? {});
  expect(plan).toMatchObject({ indexes: [REACH_INDEX], scansCollection: false });
  expect(plan.keysExamined).toBeLessThanOrEqual(40);
});
