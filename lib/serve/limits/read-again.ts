import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Unavailable } from '#lib/domain/errors.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { translateError } from '#lib/store/database/database-errors.ts';
import { beforeDeadline } from './before-deadline.ts';

/** An attempt may take this share of the time that is left, so that there is time for another one. */
const SHARE = 1 / 2;
/** With less time than this left, an attempt gets all of it. */
const SHORT_MS = 500;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 320;

/**
 * Reads, and reads again after a transient fault of the database (a broken connection, no primary, an attempt that took too
 * long), until the deadline of the scope. Each attempt has its own scope, with an earlier deadline.
 * @param read has no effect, so that it may run several times
 * @throws what the last attempt threw
 */
export const readAgain = async <T>(
  scope: BusinessScope,
  read: (attempted: BusinessScope) => Promise<T>,
): Promise<T> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const attempted = scope.again(endOfAttempt(scope.deadline));
      return await beforeDeadline(attempted.deadline, () => read(attempted));
    } catch (failure) {
      const fault = transientFault(failure);
      if (fault === null) throw failure;
      // Without jitter, environments that failed together would also try again together.
      const waitMs = pauseMs * (0.5 + Math.random());
      if (Date.now() + waitMs >= scope.deadline) throw fault;
      logEvent('read-failed', describeError(fault));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
};

const endOfAttempt = (deadline: number): number => {
  const leftMs = deadline - Date.now();
  return leftMs < SHORT_MS ? deadline : Date.now() + Math.ceil(leftMs * SHARE);
};

/** What the caller is told of a fault that may pass within the request; null for any other error. */
const transientFault = (failure: unknown): Unavailable | null => {
  const meaning = translateError(failure);
  if (meaning instanceof Conflict)
    return new Unavailable('The database did not answer in time. Try again.', { cause: meaning });
  return meaning instanceof Unavailable && !meaning.isLasting ? meaning : null;
};
