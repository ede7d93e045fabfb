import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import { type CollectionName, isCollectionName } from '#lib/store/collections/collections.ts';
import { driverOptions } from './query-options.ts';
import { changeIn, type Command } from './command.ts';
import { type NewCustomers, refuseUnscoped, ScopeBreach } from './guard.ts';

export type BulkWrite = mongo.AnyClientBulkWriteModel<mongo.Document>;

/**
 * Checks writes to several collections and sends them in one command. They go directly to the driver, so the guard of
 * the schemas does not see them.
 * @throws ScopeBreach before anything is sent, when the scope may not send one of them
 */
export const guardedBulkWrite = async (
  connection: Connection,
  writes: readonly BulkWrite[],
  { scope, session }: { scope: Scope; session: mongo.ClientSession },
): Promise<mongo.ClientBulkWriteResult> => {
  refuseUnscopedWrites(writes, scope);
  return await connection.getClient().bulkWrite([...writes], { session, ...driverOptions(scope) });
};

/** @throws ScopeBreach when the scope may not send one of the writes */
export const refuseUnscopedWrites = (writes: readonly BulkWrite[], scope: unknown): void => {
  const commands = writes.map(toCommand);
  const newCustomers = newCustomersIn(commands);
  for (const command of commands) refuseUnscoped(command, scope, newCustomers);
};

/**
 * Only customers that come together with their links count. A customer without a link would belong to no business, and a
 * link without a new customer could lead to a customer of any business.
 */
const newCustomersIn = (commands: readonly Command[]): NewCustomers => {
  const inserted = (collection: CollectionName, field: string): string[] =>
    commands.flatMap((command) =>
      command.operation === 'insert' && command.collection === collection
        ? [String(command.document[field])]
        : [],
    );
  const linked = new Set(inserted('customer_link', 'customerId'));
  return new Set(inserted('customer', '_id').filter((id) => linked.has(id)));
};

const toCommand = (write: BulkWrite): Command => {
  const collection = collectionOf(write);
  switch (write.name) {
    case 'insertOne':
      return { collection, operation: 'insert', document: write.document };
    case 'updateOne':
    case 'updateMany':
      return { collection, operation: 'update', filter: write.filter, change: changeIn(write.update) };
    case 'deleteOne':
    case 'deleteMany':
      return { collection, operation: 'delete', filter: write.filter };
    case 'replaceOne':
      throw new ScopeBreach(`replace ${collection}`, 'the store does not use this operation');
  }
};

const collectionOf = ({ namespace }: BulkWrite): CollectionName => {
  const name = namespace.slice(namespace.indexOf('.') + 1);
  if (!isCollectionName(name)) throw new ScopeBreach('a write', 'its collection is not declared');
  return name;
};
