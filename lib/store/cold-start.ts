import { connect } from './connection.ts';
import { keysOf } from './keys.ts';

/**
 * Connects and reads the keyring, side by side: on a cold start each of them waits for a secret of its own. Both are
 * waited for when one of them fails, as what is still under way when the answer leaves freezes with the environment.
 * @throws what the one or the other throws
 */
export const connectBesideKeys = async (scope: { businessId: string }): Promise<void> => {
  for (const done of await Promise.allSettled([connect(), keysOf(scope)]))
    if (done.status === 'rejected') throw done.reason;
};
