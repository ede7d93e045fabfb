import { beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Model, Types } from 'mongoose';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { ScopeBreach } from '#lib/store/isolation/guard.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('guarded-schema');
const business = aBusiness();
const stranger = aBusiness();
let id: Types.ObjectId;
beforeAll(async () => {
  id = new Types.ObjectId((await added(business))._id as string);
});

/** Mongoose's whole model. The store's own type has only some of its methods. */
const wholeModel = async (name: CollectionName) => modelOf(await connect(), name) as unknown as Model<any>;
const own = () => ({ businessId: new Types.ObjectId(business.businessId) });
const scope = () => aScope(business.businessId);

type Attempt = (model: Model<any>, filter: object, options: object) => PromiseLike<unknown>;

/** Every way a model can send a filter. */
const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  find: (model, filter, options) => model.find(filter).setOptions(options),
  findOne: (model, filter, options) => model.findOne(filter).setOptions(options),
  findById: (model, _filter, options) => model.findById(id).setOptions(options),
  exists: (model, filter, options) => model.exists(filter).setOptions(options),
  where: (model, filter, options) => model.where(filter).find().setOptions(options),
  $where: (model, _filter, options) => model.$where('true').find().setOptions(options),
  findAndCount: (model, filter, options) =>
    (model as any).findAndCount(filter, null, { sort: { _id: 1 }, limit: 1, ...options }),
  countDocuments: (model, filter, options) => model.countDocuments(filter).setOptions(options),
  estimatedDocumentCount: (model, _filter, options) => model.estimatedDocumentCount().setOptions(options),
  distinct: (model, filter, options) => model.distinct('_id', filter).setOptions(options),
  cursor: (model, filter, options) => model.find(filter).setOptions(options).cursor().next(),
  explain: (model, filter, options) => model.find(filter).setOptions(options).explain(),
  updateOne: (model, filter, options) =>
    model.updateOne(filter, { $set: { state: 'x' } }).setOptions(options),
  updateMany: (model, filter, options) =>
    model.updateMany(filter, { $set: { state: 'x' } }).setOptions(options),
  replaceOne: (model, filter, options) => model.replaceOne(filter, {}).setOptions(options),
  findOneAndUpdate: (model, filter, options) =>
    model.findOneAndUpdate(filter, { state: 'x' }).setOptions(options),
  findByIdAndUpdate: (model, _filter, options) =>
    model.findByIdAndUpdate(id, { state: 'x' }).setOptions(options),
  findOneAndReplace: (model, filter, options) => model.findOneAndReplace(filter, {}).setOptions(options),
  findOneAndDelete: (model, filter, options) => model.findOneAndDelete(filter).setOptions(options),
  findByIdAndDelete: (model, _filter, options) => model.findByIdAndDelete(id).setOptions(options),
  deleteOne: (model, filter, options) => model.deleteOne(filter).setOptions(options),
  deleteMany: (model, filter, options) => model.deleteMany(filter).setOptions(options),
  aggregate: (model, filter, options) => model.aggregate([{ $match: filter }]).option(options),
  aggregateCursor: (model, filter, options) =>
    model
      .aggregate([{ $match: filter }])
      .option(options)
      .cursor()
      .next(),
  aggregateExplain: (model, filter, options) =>
    model
      .aggregate([{ $match: filter }])
      .option(options)
      .explain(),
  create: (model, filter, options) => model.create([filter], options),
  insertOne: (model, filter, options) => model.insertOne(filter, options),
  insertMany: (model, filter, options) => model.insertMany([filter], options),
  save: (model, filter, options) => new model(filter).save(options),
  'document.deleteOne': (model, filter, options) =>
    new model({ ...filter, _id: id }).deleteOne(options).exec(),
  'document.updateOne': (model, filter, options) =>
    new model({ ...filter, _id: id }).updateOne({}, options).exec(),
  bulkWrite: (model, filter, options) => model.bulkWrite([{ deleteMany: { filter } }], options),
  bulkSave: (model, filter, options) =>
    Promise.resolve().then(() => model.bulkSave([new model(filter)], options)),
  watch: (model) => Promise.resolve().then(() => model.watch()),
  createCollection: (model) => model.createCollection(),
  createIndexes: (model) => Promise.resolve().then(() => model.createIndexes()),
  syncIndexes: (model) => Promise.resolve().then(() => model.syncIndexes()),
};

/** Members of a model that send nothing, or only the definitions of its schema. */
const SENDS_NO_DOCUMENTS = [
  ...[
    'useConnection',
    'discriminator',
    'init',
    'translateAliases',
    'startSession',
    'applyDefaults',
    'applyVirtuals',
  ],
  ...[
    'applyTimestamps',
    'castObject',
    'buildBulkWriteOperations',
    'hydrate',
    'validate',
    'compile',
    'namespace',
  ],
  ...[
    'clientEncryption',
    '$__updateConnection',
    '__subclass',
    'recompileSchema',
    'inspect',
    '_applyQueryMiddleware',
  ],
  ...[
    'createSearchIndex',
    'createSearchIndexes',
    'updateSearchIndex',
    'dropSearchIndex',
    'listSearchIndexes',
  ],
  ...['diffIndexes', 'cleanIndexes', 'listIndexes', 'ensureIndexes'],
  // Reads by `find` of the referenced model, which has a guard of its own.
  'populate',
  ...['setMaxListeners', 'getMaxListeners', 'emit', 'addListener', 'on', 'prependListener', 'once', 'off'],
  ...[
    'prependOnceListener',
    'removeListener',
    'removeAllListeners',
    'listeners',
    'rawListeners',
    'listenerCount',
  ],
  'eventNames',
];

describe('a model', () => {
  it('has no other method that sends something', () => {
    const known = new Set([...Object.keys(ATTEMPTS), ...SENDS_NO_DOCUMENTS]);
    const { Model: All } = mongoose;
    const names = Object.getOwnPropertyNames(All).filter((name) => typeof (All as any)[name] === 'function');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  describe.each(Object.entries(ATTEMPTS))('%s', (_name, attempt) => {
    it.each<[string, CollectionName, () => object, () => object]>([
      ['customers without a scope', 'customer', () => ({ _id: id }), () => ({})],
      [
        'customers that its request has not read',
        'customer',
        () => ({ _id: id }),
        () => queryOptions(scope()),
      ],
      ['all customers', 'customer', () => ({}), () => queryOptions(scope())],
      ['links without a scope', 'customer_link', own, () => ({})],
      ['links with another’s scope', 'customer_link', own, () => queryOptions(aScope(stranger.businessId))],
      ['all links', 'customer_link', () => ({}), () => queryOptions(scope())],
      [
        'links with a hand-made scope',
        'customer_link',
        own,
        () => ({ scope: { kind: 'business', businessId: business.businessId } }),
      ],
    ])('refuses %s', async (_what, collection, filter, options) => {
      const model = await wholeModel(collection);
      await expectNothingWritten(service, () =>
        expect(Promise.resolve().then(() => attempt(model, filter(), options()))).rejects.toBeInstanceOf(
          ScopeBreach,
        ),
      );
    });
  });
});

describe('a customer', () => {
  it('is given by its id to the attempt that has read its link, and to no other', async () => {
    const [links, customers] = [await wholeModel('customer_link'), await wholeModel('customer')];
    const reading = scope();
    await links
      .findOne({ ...own(), customerId: id })
      .setOptions(queryOptions(reading))
      .lean();
    expect(await customers.findById(id).setOptions(queryOptions(reading)).lean()).toMatchObject({ _id: id });
    await expect(customers.findById(id).setOptions(queryOptions(reading.again()))).rejects.toBeInstanceOf(
      ScopeBreach,
    );
  });

  it('is not given when the read of the link found nothing', async () => {
    const [links, customers] = [await wholeModel('customer_link'), await wholeModel('customer')];
    const reading = aScope(stranger.businessId);
    const mine = { businessId: new Types.ObjectId(stranger.businessId), customerId: id };
    expect(await links.findOne(mine).setOptions(queryOptions(reading)).lean()).toBeNull();
    await expect(customers.findById(id).setOptions(queryOptions(reading))).rejects.toBeInstanceOf(
      ScopeBreach,
    );
  });
});
