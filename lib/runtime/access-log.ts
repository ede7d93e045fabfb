import type { AccessEvents, LogContext } from './log-events.ts';
import { admitted } from './redaction.ts';
import { writeLine } from './standard-output.ts';

/**
 * Writes one entry of the access log, through the same point as every other line. But no level silences it, and who
 * calls waits for it. The stack takes these lines by their `message` into a log group of their own.
 * @throws Error when it could not be written
 */
export const recordAccess = async <E extends keyof AccessEvents>(
  event: E,
  entry: LogContext & AccessEvents[E],
): Promise<void> => {
  await writeLine(accessEntry(event, entry));
};

/** The entry as one line, for who has another place for it than standard output. */
export const accessEntry = <E extends keyof AccessEvents>(
  event: E,
  entry: LogContext & AccessEvents[E],
): string => {
  const { message, ...fields } = admitted(event, entry);
  return JSON.stringify({ message, timestamp: new Date().toISOString(), ...fields });
};
