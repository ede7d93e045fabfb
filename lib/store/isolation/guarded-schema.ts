import type { MongooseQueryMiddleware, Query, Schema } from 'mongoose';
import { isScope } from '#lib/domain/actor.ts';
import type { CollectionName } from '#lib/store/models/models.ts';
import { changeIn, type Command, type Fields } from './command.ts';
import { refuseUnscoped, ScopeBreach } from './guard.ts';
import { proveCustomers } from './link-proof.ts';

type AnyQuery = Query<unknown, unknown>;

const FINDS = ['find', 'findOne'] as const;
const UPDATES = ['updateOne', 'updateMany', 'findOneAndUpdate'] as const;
const DELETES = ['deleteOne', 'deleteMany'] as const;
/** What nobody here needs. Documents are inserted by the unit of work, which has a guard of its own. */
const REFUSED_QUERIES = [
  'distinct',
  'estimatedDocumentCount',
  'findOneAndDelete',
  'findOneAndReplace',
  'replaceOne',
] as const;
const REFUSED_OF_DOCUMENTS = ['save', 'updateOne', 'deleteOne'] as const;
/** Taken away altogether: Mongoose runs no middleware around most of these. Aggregations have a guard of their own. */
const REFUSED_STATICS = [
  'aggregate',
  'bulkSave',
  'bulkWrite',
  'createCollection',
  'createIndexes',
  'insertMany',
  'syncIndexes',
  'watch',
] as const;

/**
 * Puts a guard before everything a model can send, so that nothing leaves without a scope that may send it; and notes
 * to which customers the links lead that a request reads.
 */
export const guardSchema = (schema: Schema, collection: CollectionName): void => {
  // Here, not on the connection: of each aggregation the driver would delete it again, which makes copies of its options slow.
  schema.set('writeConcern', { w: 'majority' });
  guardQueries(schema, collection);
  refuseTheRest(schema, collection);
  if (collection === 'customer_link') noteLinks(schema);
};

const ofQuery = { document: false, query: true } as const;

const guardQueries = (schema: Schema, collection: CollectionName): void => {
  const before = (
    names: readonly MongooseQueryMiddleware[],
    commandOf: (query: AnyQuery, filter: Fields) => Command,
  ): void => {
    schema.pre([...names], ofQuery, function (this: AnyQuery) {
      refuseUnscoped(commandOf(this, this.getFilter()), this.getOptions()['scope']);
    });
  };
  before(FINDS, (query, filter) => ({
    collection,
    operation: 'find',
    filter,
    projection: { ...query.projection() },
  }));
  before(['countDocuments'], (_query, filter) => ({
    collection,
    operation: 'aggregate',
    pipeline: [{ $match: filter }, { $group: { _id: 1, n: { $sum: 1 } } }],
  }));
  before(UPDATES, (query, filter) => ({
    collection,
    operation: 'update',
    filter,
    change: changeIn(query.getUpdate()),
  }));
  before(DELETES, (_query, filter) => ({ collection, operation: 'delete', filter }));
};

const refuseTheRest = (schema: Schema, collection: CollectionName): void => {
  const refusing = (name: string) => () => {
    throw new ScopeBreach(`${name} ${collection}`, 'the store has no use for it');
  };
  for (const name of REFUSED_QUERIES) schema.pre(name, ofQuery, refusing(name));
  for (const name of REFUSED_OF_DOCUMENTS)
    schema.pre(new RegExp(`^${name}$`), { document: true, query: false }, refusing(name));
  for (const name of REFUSED_STATICS) schema.static(name, refusing(name));
};

const noteLinks = (schema: Schema): void => {
  schema.post([...FINDS], ofQuery, function (this: AnyQuery, found: unknown) {
    note(this.getOptions()['scope'], found);
  });
};

const note = (scope: unknown, found: unknown): void => {
  if (isScope(scope)) proveCustomers(scope, Array.isArray(found) ? found : [found]);
};
