const A_WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * A deadline, in milliseconds since the epoch, that no command reaches: a command runs until its work is done or the
 * operator stops it.
 */
export const distantDeadline = (): number => Date.now() + A_WEEK_MS;
