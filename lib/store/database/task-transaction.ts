import type { mongo } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { Conflict } from './conflict.ts';
import { connect } from './connection.ts';
import { duplicateKeyOf, translateError } from './database-errors.ts';
import { inTransaction } from './transaction.ts';

const LONGEST_PAUSE_MS = 100;

/** Waits for a random time, so that two runs that met on the same customers do not meet again. */
export const stepAside = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, LONGEST_PAUSE_MS * Math.random()));

/**
 * Runs the work of a task in one transaction, and does it again while other runs work on the same customers. The batch of a
 * killed run stays locked until the database aborts its transaction, a minute later.
 * @param onDuplicate what it means that a document is there already
 * @throws Conflict when that goes on until the deadline
 */
export const inTaskTransaction = async <T>(
  scope: SystemScope,
  onDuplicate: string,
  work: (session: mongo.ClientSession, tryScope: SystemScope) => Promise<T>,
): Promise<T> => {
  const connection = await connect();
  for (;;) {
    // A scope for each try: the links read for one give no access in the next.
    const tryScope = scope.again();
    try {
      return await inTransaction(connection, scope, (session) => work(session, tryScope));
    } catch (error) {
      const meaning = duplicateKeyOf(error) === null ? translateError(error) : new Conflict(onDuplicate);
      if (!(meaning instanceof Conflict) || Date.now() >= scope.deadline) throw meaning;
      await stepAside();
    }
  }
};
