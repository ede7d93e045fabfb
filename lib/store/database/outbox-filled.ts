import { logEvent } from '#lib/runtime/logger.ts';

/** A line is written at most this often, because a run of `relay-events` takes everything that it finds. */
const PAUSE_MS = 1_000;

let lastAt = Number.NEGATIVE_INFINITY;

/** Says in the log that a commit has filled the outbox, unless this environment said so a moment ago. */
export const noteFilled = (): void => {
  const now = performance.now();
  if (now - lastAt < PAUSE_MS) return;
  lastAt = now;
  logEvent('outbox-filled', {});
};
