import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { findDoomed, requireSurvivor } from '#lib/store/rights/begin-erasure.ts';
import { aScope } from '#test/support/a-scope.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('begin-erasure');
const business = aBusiness();

describe('those who are erased together', () => {
  it('are a customer and everybody who was merged into it: the farthest first, the customer last', async () => {
    const [survivor, loser, older] = [await added(business), await added(business), await added(business)];
    await business.merge(loser._id, { loserId: older._id });
    await business.merge(survivor._id, { loserId: loser._id });
    const doomed = await findDoomed(survivor._id, aScope(business.businessId));
    expect(doomed.map(({ id }) => id)).toEqual([older._id, loser._id, survivor._id]);
  });

  it('are refused as unknown when the survivor is gone', async () => {
    const { _id } = await added(business);
    const gone = { $set: { mergedInto: new Types.ObjectId(aBusinessId()) } };
    await service.database
      .collection('customer_link')
      .updateOne({ customerId: new Types.ObjectId(_id) }, gone);
    const scope = aScope(business.businessId);
    await expect(requireSurvivor(await findDoomed(_id, scope), scope)).rejects.toEqual(customerNotFound());
    await expect(requireSurvivor([], scope)).rejects.toEqual(customerNotFound());
  });
});

describe('the last entry of a history', () => {
  const lastOf = async (customerId: string) => {
    const entries = await documentsIn(service, 'customer_audit', { customerId });
    const { action, from, to } = entries.sort((one, other) => one.seq - other.seq).at(-1);
    return { action, from, to };
  };

  it('says that the state has become deleted, unless it was so before', async () => {
    const [active, deleted] = [await added(business), await added(business)];
    await business.delete(deleted._id);
    for (const { _id } of [active, deleted]) await business.erase(_id, { reason: 'asked' });
    const entry = { action: 'erase-customer', from: null, to: null };
    expect(await lastOf(active._id)).toEqual({ ...entry, from: 'active', to: 'deleted' });
    expect(await lastOf(deleted._id)).toEqual(entry);
  });
});
