import { connect } from '#lib/store/database/connection.ts';
import { keyringAtRest, keysOf } from './request-keys.ts';

/** Needs that come with a secret, which must be read before the first use in an environment. */
const BEHIND_SECRETS = ['database', 'keyring'] as const;

/** Whether a use case with these needs waits for both secrets. */
export const needsSecrets = (needs: readonly string[]): boolean =>
  BEHIND_SECRETS.every((need) => needs.includes(need));

/**
 * Connects and reads the keyring, in parallel because both wait for a secret on a cold start; then runs `work`. No read is
 * under way when it ends or fails: it would freeze with the environment and have timed out when that resumes.
 * @throws what connecting, reading the keyring or the work throws
 */
export const withSecretsReady = async <T>(
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
