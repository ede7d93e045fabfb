import { connect } from './connection.ts';
import { keyringAtRest, keysOf } from './keys.ts';

/**
 * Does a request's work once the environment is connected and has its keyring. On a cold start each of them waits for a
 * secret of its own, so they are asked for side by side. And nothing of it is left under way when the work has ended, or
 * when one of them fails: it would freeze with the environment, and be found too late when that goes on.
 * @throws what connecting, reading the keyring or the work throws
 */
export const withSecretsAtHand = async <T>(
  scope: { businessId: string },
  work: () => Promise<T>,
): Promise<T> => {
  try {
    for (const done of await Promise.allSettled([connect(), keysOf(scope)]))
      if (done.status === 'rejected') throw done.reason;
    return await work();
  } finally {
    await keyringAtRest();
  }
};
