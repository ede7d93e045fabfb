/** How long before the platform's own time-out an answer of ours must be out. */
const RESERVE_MS = 300;
/** The share of the remaining time kept in reserve when little is left. */
const RESERVE_SHARE = 0.25;

/**
 * The moment, in milliseconds since the epoch, after which a request stops waiting for anything.
 * @param remainingMs what the platform still grants this invocation
 */
export const deadlineFrom = (remainingMs: number, nowMs: number = Date.now()): number =>
  nowMs + remainingMs - Math.max(RESERVE_MS, Math.min(1_500, remainingMs * RESERVE_SHARE));

/** Whole milliseconds left until the deadline, never below 1: MongoDB reads a maxTimeMS of 0 as «no limit». */
export const remainingMs = (deadline: number): number => Math.max(1, Math.floor(deadline - Date.now()));
