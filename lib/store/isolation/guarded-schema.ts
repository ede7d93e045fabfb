import type { MongooseQueryMiddleware, Query, Schema } from 'mongoose';
import { isScope } from '#lib/domain/access/scope.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { changeIn, type Command, type Fields } from './command.ts';
import { refuseUnscoped, ScopeBreach } from './guard.ts';
import { noteLinkedCustomers } from './linked-customers.ts';

type AnyQuery = Query<unknown, unknown>;

const FINDS = ['find', 'findOne'] as const;
const UPDATES = ['updateOne', 'updateMany', 'findOneAndUpdate'] as const;
const DELETES = ['deleteOne', 'deleteMany'] as const;
/** Queries that the store does not use. Documents are inserted by `guardedBulkWrite`. */
const REFUSED_QUERIES = [
  'distinct',
  'estimatedDocumentCount',
  'findOneAndDelete',
  'findOneAndReplace',
  'replaceOne',
] as const;
const REFUSED_OF_DOCUMENTS = ['save', 'updateOne', 'deleteOne'] as const;
/** Replaced by functions that throw: Mongoose runs no middleware for most of these. `guardedAggregate` aggregates. */
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
 * Adds a guard to a schema: its model sends no command unless the scope among the options may send it. Also notes the
 * customers whose links are read.
 */
export const guardSchema = (schema: Schema, collection: CollectionName): void => {
  // Not set on the connection: the driver deletes it from the options of each aggregation, which makes copying them slow.
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
    throw new ScopeBreach(`${name} ${collection}`, 'the store does not use this operation');
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
  if (isScope(scope)) noteLinkedCustomers(scope, Array.isArray(found) ? found : [found]);
};
