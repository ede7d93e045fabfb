import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/actor.ts';
import { type CollectionName, isCollectionName } from '#lib/store/models/models.ts';
import { markedBy } from './asked-by.ts';
import { changeIn, type Command } from './command.ts';
import { type Newcomers, refuseUnscoped, ScopeBreach } from './guard.ts';

export type BulkWrite = mongo.AnyClientBulkWriteModel<mongo.Document>;

/**
 * Sends writes to several collections in one command, past Mongoose and so past the guard of its schemas: each of them
 * is judged here.
 * @throws ScopeBreach before anything is sent
 */
export const guardedBulkWrite = async (
  connection: Connection,
  writes: readonly BulkWrite[],
  { scope, session }: { scope: Scope; session: mongo.ClientSession },
): Promise<mongo.ClientBulkWriteResult> => {
  refuseUnscopedWrites(writes, scope);
  return await connection.getClient().bulkWrite([...writes], { session, ...markedBy(scope) });
};

/** @throws ScopeBreach when one of the writes is not the scope's to send */
export const refuseUnscopedWrites = (writes: readonly BulkWrite[], scope: unknown): void => {
  const commands = writes.map(toCommand);
  const newcomers = newcomersOf(commands);
  for (const command of commands) refuseUnscoped(command, scope, newcomers);
};

/** A customer without a link would be nobody's, and a link without a new customer could be to anybody's. */
const newcomersOf = (commands: readonly Command[]): Newcomers => {
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
      throw new ScopeBreach(`replace ${collection}`, 'the store has no use for it');
  }
};

const collectionOf = ({ namespace }: BulkWrite): CollectionName => {
  const name = namespace.slice(namespace.indexOf('.') + 1);
  if (!isCollectionName(name)) throw new ScopeBreach('a write', 'to a collection that nobody declared');
  return name;
};
