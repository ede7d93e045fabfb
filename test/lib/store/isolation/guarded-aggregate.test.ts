import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { ScopeBreach } from '#lib/store/isolation/guard.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('guarded-aggregate');
const business = aBusiness();
const stranger = aBusiness();
let id: Types.ObjectId;
beforeAll(async () => {
  id = new Types.ObjectId((await added(business))._id as string);
});

const own = () => ({ businessId: new Types.ObjectId(business.businessId) });
const scope = () => aScope(business.businessId);
const ask = async (collection: CollectionName, pipeline: object[], by: unknown) =>
  await guardedAggregate(await connect(), collection, pipeline, { scope: by as ReturnType<typeof scope> });

describe('an aggregation', () => {
  it('answers all that it finds', async () => {
    const found = await ask('customer_link', [{ $match: { ...own(), customerId: id } }], scope());
    expect(found).toMatchObject([{ customerId: id }]);
  });

  it.each<[string, CollectionName, () => object[], () => unknown]>([
    ['of links without a scope', 'customer_link', () => [{ $match: own() }], () => undefined],
    [
      'of links with a hand-made scope',
      'customer_link',
      () => [{ $match: own() }],
      () => ({ kind: 'business', businessId: business.businessId }),
    ],
    [
      'of links with another’s scope',
      'customer_link',
      () => [{ $match: own() }],
      () => aScope(stranger.businessId),
    ],
    ['of all links', 'customer_link', () => [{ $match: {} }], scope],
    [
      'of links by a task that nobody let',
      'customer_link',
      () => [{ $match: own() }],
      () => aSystemScope('migrate-database'),
    ],
    ['of customers', 'customer', () => [{ $match: { _id: id } }], scope],
    ['that writes', 'customer_link', () => [{ $match: own() }, { $out: 'copied' }], scope],
    [
      'that joins another collection',
      'customer_link',
      () => [
        { $match: own() },
        { $lookup: { from: 'outbox', localField: 'customerId', foreignField: 'customerId', as: 'a' } },
      ],
      scope,
    ],
  ])('%s is not sent', async (_what, collection, pipeline, by) => {
    await expectNothingWritten(service, () =>
      expect(ask(collection, pipeline(), by())).rejects.toBeInstanceOf(ScopeBreach),
    );
  });
});

describe('a customer whose link an aggregation has read', () => {
  const readBy = async (reading: ReturnType<typeof scope>) =>
    await modelOf(await connect(), 'customer')
      .findById(id)
      .setOptions(queryOptions(reading))
      .lean();

  it('is given by its id to that attempt, and to no other', async () => {
    const reading = scope();
    await ask('customer_link', [{ $match: { ...own(), customerId: id } }], reading);
    expect(await readBy(reading)).toMatchObject({ _id: id });
    await expect(readBy(reading.again())).rejects.toBeInstanceOf(ScopeBreach);
  });

  it('is not given when the aggregation left the id out', async () => {
    const reading = scope();
    await ask('customer_link', [{ $match: own() }, { $project: { _id: 0, state: 1 } }], reading);
    await expect(readBy(reading)).rejects.toBeInstanceOf(ScopeBreach);
  });
});
