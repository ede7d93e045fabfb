/** An answer must be sent at least this long before the platform's own time-out. */
const RESERVE_MS = 300;
/** The share of the remaining time that is kept in reserve, up to 1.5 seconds. */
const RESERVE_SHARE = 0.25;

/**
 * The moment at which a request stops waiting for anything, in milliseconds since the epoch.
 * @param remainingMs the time until the platform's own time-out
 */
export const deadlineFrom = (remainingMs: number, nowMs: number = Date.now()): number =>
  nowMs + remainingMs - Math.max(RESERVE_MS, Math.min(1_500, remainingMs * RESERVE_SHARE));

/** Whole milliseconds until the deadline, at least 1, because MongoDB reads a maxTimeMS of 0 as "no limit". */
export const remainingMs = (deadline: number): number => Math.max(1, Math.floor(deadline - Date.now()));
