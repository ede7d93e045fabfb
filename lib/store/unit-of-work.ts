import type { Connection, mongo } from 'mongoose';
import type { BusinessScope, SystemScope } from '#lib/domain/actor.ts';
import { Unavailable } from '#lib/domain/errors.ts';
import { remainingMs } from '#lib/runtime/deadline.ts';
import { connect } from './connection.ts';
import { Conflict } from './conflict.ts';
import { duplicateKeyOf, isCommitUnknown, meaningOf } from './database-errors.ts';
import type { CollectionName, Documents } from './models/models.ts';

type Scope = BusinessScope | SystemScope;

/** What to set and what to remove of a stored document, or an update pipeline of the database. */
type UpdateOf<D> = Readonly<{ $set: Partial<D>; $unset?: Readonly<Record<string, ''>> }> | readonly object[];

type WriteTo<N extends CollectionName> =
  | Readonly<{ insertInto: N; document: Documents[N] }>
  | Readonly<{ update: N; filter: Partial<Documents[N]>; change: UpdateOf<Documents[N]> }>;

/** One write of a request. An update must match exactly one document, or the whole request is a conflict. */
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

/** Whether this attempt is going to change anything. */
export const isChanging = (scope: Scope): boolean => (stagedBy.get(scope)?.length ?? 0) > 0;

/**
 * Writes everything that was staged in one transaction: one bulk write and one commit.
 * Throws Conflict when somebody wrote first, Unavailable when the database does not answer before the
 * scope's deadline, or what a staged write says a duplicate means.
 */
export const commit = async (scope: Scope): Promise<void> => {
  const staged = stagedBy.get(scope) ?? [];
  if (staged.length === 0) return;
  stagedBy.delete(scope);
  const connection = await connect();
  try {
    await transact(connection, staged, scope);
  } catch (error) {
    const duplicate = duplicateKeyOf(error);
    const onDuplicate = duplicate === null ? undefined : staged[duplicate.position]?.onDuplicate;
    if (duplicate !== null && onDuplicate !== undefined) throw await onDuplicate(duplicate.index);
    throw meaningOf(error);
  }
};

const transact = async (connection: Connection, staged: readonly Staged[], scope: Scope): Promise<void> => {
  const client = connection.getClient();
  const session = client.startSession();
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
      maxCommitTimeMS: remainingMs(scope.deadline),
    });
    const models = staged.map(({ write }) => toBulkModel(write, connection.name));
    const result = await client.bulkWrite(models, { session, maxTimeMS: remainingMs(scope.deadline) });
    const expected = staged.filter(({ write }) => 'update' in write).length;
    if (result.matchedCount !== expected) {
      throw new Conflict('What was read has changed in the meantime.');
    }
    await commitUntil(session, scope.deadline);
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  } finally {
    await session.endSession();
  }
};

/** A commit is safe to send again until its outcome is known. */
const commitUntil = async (session: mongo.ClientSession, deadline: number): Promise<void> => {
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!isCommitUnknown(error)) throw error;
      if (Date.now() >= deadline) {
        throw new Unavailable('It is not known whether the change was saved. Send it again.', { cause: error });
      }
    }
  }
};

const toBulkModel = (write: Write, database: string): mongo.AnyClientBulkWriteModel<mongo.Document> => {
  if ('insertInto' in write) {
    const document: mongo.Document = write.document;
    return { name: 'insertOne', namespace: `${database}.${write.insertInto}`, document };
  }
  const filter: mongo.Document = write.filter;
  const update = Array.isArray(write.change) ? [...write.change] : write.change;
  return { name: 'updateOne', namespace: `${database}.${write.update}`, filter, update };
};
