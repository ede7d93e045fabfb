import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { addMany } from '#test/support/many-customers.ts';
import { run, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('find-duplicates-keys');
beforeEach(() => useKeyring(keyringOf('k1')));

const ola = () => ({ firstName: 'Ola', lastName: 'Canary' });
/** The ids of the pairs, in order. */
const pairsOf = async (business: Business) =>
  (await business.duplicates()).body.items.map(({ customers }: any) => customers.map(({ _id }: any) => _id));
const reencrypting = async () =>
  expect(await run(reencryptCustomers, { settleMs: 0 })).toMatchObject({ outcome: 'finished', troubles: [] });

describe('duplicates', () => {
  it('among customers from before there were keys to find them by come with the re-encryption', async () => {
    const business = aBusiness();
    const ids = await addMany(business.businessId, 2, ola);
    const { acknowledged } = await service.database
      .collection('customer_link')
      .updateMany(
        { businessId: new Types.ObjectId(business.businessId) },
        { $set: { keyUse: 'k1|k1' }, $unset: { matchKeys: '' } },
      );
    expect([acknowledged, await pairsOf(business)]).toEqual([true, []]);
    await reencrypting();
    expect(await pairsOf(business)).toEqual([ids]);
    expect((await documentIn(service, 'customer_link', { customerId: ids[0] })).keyUse).toBe('k1|k1|4');
  });

  it('are found while two keys are in use, whichever wrote them, and after the old one is dropped', async () => {
    const business = aBusiness();
    const written = async (...ring: [string, ...string[]]) => {
      useKeyring(keyringOf(...ring));
      return await addMany(business.businessId, 1, ola);
    };
    const ids = [...(await written('k1')), ...(await written('k1', 'k2')), ...(await written('k2', 'k1'))];
    const pairs = [
      [ids[0], ids[1]],
      [ids[0], ids[2]],
      [ids[1], ids[2]],
    ];
    expect(await pairsOf(business)).toEqual(pairs);
    await reencrypting();
    useKeyring(keyringOf('k2'));
    expect(await pairsOf(business)).toEqual(pairs);
  });
});
