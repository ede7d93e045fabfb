import { setTimeout as pause } from 'node:timers/promises';
import { Conflict } from '#lib/store/database/conflict.ts';
import { printToStderr } from './terminal.ts';

/**
 * When a command is killed, the database keeps what it had begun to write for a minute (transactionLifetimeLimitSeconds),
 * and refuses other writes to the same customers until then.
 */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 1_000;

/** The conflict at which the operator is told. */
const SAID_AT = 2;
const WAITING =
  `Waiting for another write to the same customers to end, for up to ${String(PATIENCE_MS / 1_000)} seconds. ` +
  'If an earlier run was killed, the database ends what it left open within a minute.';

/**
 * Repeats an attempt for 90 seconds as long as other writes get in its way. Says what it waits for when the second attempt
 * fails too: most writes have ended by then.
 * @param attempt must read what it needs again each time, in a scope of its own
 * @throws Conflict when there still is one after that time, and any other error of the attempt
 */
export const retryConflicts = async <T>(
  attempt: () => Promise<T>,
  pauseMs: (ms: number) => Promise<unknown> = pause,
): Promise<T> => {
  const until = Date.now() + PATIENCE_MS;
  for (let conflicts = 1; ; conflicts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Conflict) || Date.now() >= until) throw error;
      if (conflicts === SAID_AT) printToStderr(WAITING);
      await pauseMs(PAUSE_MS);
    }
  }
};
