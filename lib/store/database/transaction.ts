import type { Connection, mongo } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { remainingMs } from '#lib/runtime/deadline.ts';
import { isClosedConnection, isCommitUnknown } from './database-errors.ts';

/**
 * Runs steps in one transaction and commits it. When a step throws, nothing is saved.
 * @throws Unavailable when the outcome of the commit is unknown and it cannot be sent again before the deadline; the
 * driver's errors unchanged
 */
export const inTransaction = async <T>(
  connection: Connection,
  { deadline }: { deadline: number },
  steps: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> => {
  const session = connection.getClient().startSession();
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
      maxCommitTimeMS: remainingMs(deadline),
    });
    const result = await steps(session);
    await commitUntil(session, deadline);
    return result;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  } finally {
    await session.endSession();
  }
};

/** Sends the commit again while its outcome is unknown, which is safe. */
const commitUntil = async (session: mongo.ClientSession, deadline: number): Promise<void> => {
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isLost = isClosedConnection(error);
      if (!isLost && !isCommitUnknown(error)) throw error;
      if (isLost || Date.now() >= deadline) {
        throw new Unavailable('We do not know whether the change was saved. Send it again.', {
          cause: error,
        });
      }
    }
  }
};
