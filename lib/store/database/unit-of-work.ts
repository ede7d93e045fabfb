import type { Connection } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { connect } from './connection.ts';
import { Conflict } from './conflict.ts';
import { duplicateKeyOf, translateError } from './database-errors.ts';
import { noteFilled } from './outbox-filled.ts';
import { inTransaction } from './transaction.ts';
import { sendWrites, type Write } from './write.ts';

type Staged = Readonly<{
  write: Write;
  /** Makes the error to throw when the unique index of this name refuses the write. */
  onDuplicate?: (index: string) => Promise<Error>;
}>;

/** The writes that each attempt of a request has staged. Nothing is sent before `commit`. */
const stagedBy = new WeakMap<Scope, Staged[]>();

/**
 * Adds a write to the request's transaction.
 * @param onDuplicate makes the error that `commit` throws when the unique index of this name refuses the write
 */
export const stage = (scope: Scope, write: Write, onDuplicate?: Staged['onDuplicate']): void => {
  const staged = stagedBy.get(scope) ?? [];
  staged.push({ write, ...(onDuplicate !== undefined && { onDuplicate }) });
  stagedBy.set(scope, staged);
};

/** Adds a write before all others. The first write that is refused decides which error `commit` throws. */
export const stageFirst = (scope: Scope, write: Write, onDuplicate: Staged['onDuplicate']): void => {
  const staged = stagedBy.get(scope) ?? [];
  staged.unshift({ write, ...(onDuplicate !== undefined && { onDuplicate }) });
  stagedBy.set(scope, staged);
};

const extensionsBy = new WeakMap<Scope, HistoryExtension[]>();

/** Notes the new end of a history that the staged writes extend. `commit` returns it. */
export const noteExtension = (scope: Scope, extension: HistoryExtension): void => {
  extensionsBy.set(scope, [...(extensionsBy.get(scope) ?? []), extension]);
};

/** What an attempt changes: nothing, something, or something that also adds an entry to a customer's history. */
export type Effect = 'none' | 'changed' | 'in-history';

/** What this attempt will change. Only meaningful before the commit. */
export const effectOf = (scope: Scope): Effect => {
  const staged = stagedBy.get(scope) ?? [];
  return isStaged(scope, 'customer_audit') ? 'in-history' : staged.length > 0 ? 'changed' : 'none';
};

/** Whether a new document of a collection is staged. */
const isStaged = (scope: Scope, collection: CollectionName): boolean =>
  (stagedBy.get(scope) ?? []).some(({ write }) => 'insertInto' in write && write.insertInto === collection);

/**
 * Writes everything that was staged in one transaction: one bulk write and one commit.
 * @returns the histories that it extended
 * @throws Conflict when another write came first, Unavailable when the database does not answer before the scope's
 * deadline, and the error of the staged write's `onDuplicate` when a unique index refuses it
 */
export const commit = async (scope: Scope): Promise<readonly HistoryExtension[]> => {
  const extensions = extensionsBy.get(scope) ?? [];
  const fillsOutbox = isStaged(scope, 'outbox');
  await writeStaged(scope, () => Promise.resolve());
  if (fillsOutbox) noteFilled();
  return extensions;
};

/** Writes everything that was staged, then rolls it back: throws what `commit` would throw, and saves nothing. */
export const rehearse = async (scope: Scope): Promise<void> => {
  const rollback = new Error('The staged writes succeeded and are rolled back.');
  await writeStaged(scope, () => Promise.reject(rollback)).catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
};

const writeStaged = async (scope: Scope, atEnd: () => Promise<void>): Promise<void> => {
  const staged = stagedBy.get(scope) ?? [];
  if (staged.length === 0) return;
  stagedBy.delete(scope);
  extensionsBy.delete(scope);
  const connection = await connect();
  try {
    await writeAll(connection, staged, { scope, atEnd });
  } catch (error) {
    const duplicate = duplicateKeyOf(error);
    const onDuplicate = duplicate === null ? undefined : staged[duplicate.position]?.onDuplicate;
    if (duplicate !== null && onDuplicate !== undefined) throw await onDuplicate(duplicate.index);
    throw translateError(error);
  }
};

/** Each update and each deletion must match exactly one document. Otherwise the whole request is a Conflict. */
const writeAll = async (
  connection: Connection,
  staged: readonly Staged[],
  { scope, atEnd }: { scope: Scope; atEnd: () => Promise<void> },
): Promise<void> => {
  const writes = staged.map(({ write }) => write);
  const expected = writes.filter((write) => !('insertInto' in write) || write.inPlaceOf !== undefined).length;
  await inTransaction(connection, scope, async (session) => {
    const done = await sendWrites(writes, { connection, session }, scope);
    if (done.matchedCount + done.upsertedCount + done.deletedCount !== expected)
      throw new Conflict('A document has changed since it was read.');
    await atEnd();
  });
};
