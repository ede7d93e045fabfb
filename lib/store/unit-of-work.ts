import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { Conflict } from './conflict.ts';
import { duplicateKeyOf, meaningOf } from './database-errors.ts';
import type { CollectionName, Documents } from './models/models.ts';
import { type BulkWrite, guardedBulkWrite } from './isolation/guarded-bulk-write.ts';
import { inTransaction } from './transaction.ts';

/** What to set and what to remove of a stored document, or an update pipeline of the database. */
type UpdateOf<D> =
  | Readonly<{ $set: Partial<D>; $unset?: Readonly<Record<string, ''>> }>
  | Readonly<{ pipeline: readonly mongo.Document[] }>;

type WriteTo<N extends CollectionName> =
  | Readonly<{
      insertInto: N;
      document: Documents[N];
      /** What one with the same `_id` must match to be replaced; without, or when it does not, that is a duplicate. */
      inPlaceOf?: mongo.Document;
    }>
  | Readonly<{ update: N; filter: Partial<Documents[N]>; change: UpdateOf<Documents[N]> }>
  | Readonly<{ deleteFrom: N; filter: Partial<Documents[N]> }>;

/** One write of a request. An update or a deletion must match exactly one document, or the whole request is a conflict. */
export type Write = { [N in CollectionName]: WriteTo<N> }[CollectionName];

type Staged = Readonly<{
  write: Write;
  /** What it means when a unique index refuses this write. */
  onDuplicate?: (index: string) => Promise<Error>;
}>;

/** What each attempt of a request is going to write; nothing is sent before `commit`. */
const stagedBy = new WeakMap<Scope, Staged[]>();

/** Adds a write to the request's one transaction. */
export const stage = (scope: Scope, write: Write, onDuplicate?: Staged['onDuplicate']): void => {
  const staged = stagedBy.get(scope) ?? [];
  staged.push({ write, ...(onDuplicate !== undefined && { onDuplicate }) });
  stagedBy.set(scope, staged);
};

/** Adds a write before all others: the first to be refused decides what the caller hears. */
export const stageFirst = (scope: Scope, write: Write, onDuplicate: Staged['onDuplicate']): void => {
  const staged = stagedBy.get(scope) ?? [];
  staged.unshift({ write, ...(onDuplicate !== undefined && { onDuplicate }) });
  stagedBy.set(scope, staged);
};

/** What an attempt leaves behind: nothing, a change, or a change of a customer with its entry in that one's history. */
export type Effect = 'none' | 'changed' | 'in-history';

/** What this attempt is going to leave behind; to be asked before the commit. */
export const effectOf = (scope: Scope): Effect => {
  const staged = stagedBy.get(scope) ?? [];
  const isInHistory = staged.some(
    ({ write }) => 'insertInto' in write && write.insertInto === 'customer_audit',
  );
  return isInHistory ? 'in-history' : staged.length > 0 ? 'changed' : 'none';
};

/**
 * Writes everything that was staged in one transaction: one bulk write and one commit.
 * Throws Conflict when somebody wrote first, Unavailable when the database does not answer before the
 * scope's deadline, or what a staged write says a duplicate means.
 */
export const commit = (scope: Scope): Promise<void> => settle(scope, () => Promise.resolve());

/** Likewise, but takes everything back at the end: it throws what a commit would, and nothing stays. */
export const rehearse = async (scope: Scope): Promise<void> => {
  const curtain = new Error('The end of a rehearsal.');
  await settle(scope, () => Promise.reject(curtain)).catch((error: unknown) => {
    if (error !== curtain) throw error;
  });
};

const settle = async (scope: Scope, atEnd: () => Promise<void>): Promise<void> => {
  const staged = stagedBy.get(scope) ?? [];
  if (staged.length === 0) return;
  stagedBy.delete(scope);
  const connection = await connect();
  try {
    await writeAll(connection, staged, { scope, atEnd });
  } catch (error) {
    const duplicate = duplicateKeyOf(error);
    const onDuplicate = duplicate === null ? undefined : staged[duplicate.position]?.onDuplicate;
    if (duplicate !== null && onDuplicate !== undefined) throw await onDuplicate(duplicate.index);
    throw meaningOf(error);
  }
};

const writeAll = async (
  connection: Connection,
  staged: readonly Staged[],
  { scope, atEnd }: { scope: Scope; atEnd: () => Promise<void> },
): Promise<void> => {
  const models = staged.map(({ write }) => toBulkModel(write, connection.name));
  const expected = staged.filter(
    ({ write }) => !('insertInto' in write) || write.inPlaceOf !== undefined,
  ).length;
  await inTransaction(connection, scope, async (session) => {
    const done = await guardedBulkWrite(connection, models, { scope, session });
    if (done.matchedCount + done.upsertedCount + done.deletedCount !== expected)
      throw new Conflict('What was read has changed in the meantime.');
    await atEnd();
  });
};

const toBulkModel = (write: Write, database: string): BulkWrite => {
  if ('insertInto' in write) {
    const namespace = `${database}.${write.insertInto}`;
    const document: mongo.Document = write.document;
    if (write.inPlaceOf === undefined) return { name: 'insertOne', namespace, document };
    const { _id, businessId, ...fields }: Readonly<Record<string, unknown>> = document;
    const filter: mongo.Document = { _id, businessId, ...write.inPlaceOf };
    return { name: 'updateOne', namespace, filter, update: { $set: fields }, upsert: true };
  }
  const filter: mongo.Document = write.filter;
  if ('deleteFrom' in write)
    return { name: 'deleteOne', namespace: `${database}.${write.deleteFrom}`, filter };
  const update = 'pipeline' in write.change ? [...write.change.pipeline] : write.change;
  return { name: 'updateOne', namespace: `${database}.${write.update}`, filter, update };
};
