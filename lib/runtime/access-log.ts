import type { AccessEvents, HistoryEvents, LogContext } from './log-events.ts';
import { admitted } from './redaction.ts';
import { writeLine } from './standard-output.ts';

/**
 * Writes one entry of the access log, redacted like every other line. No log level suppresses it, and the caller must
 * wait for it. The stack copies these lines into a log group of their own, by their `message`.
 * @throws Error when it could not be written
 */
export const recordAccess = async <E extends keyof AccessEvents>(
  event: E,
  entry: LogContext & AccessEvents[E],
): Promise<void> => {
  await writeLine(accessEntry(event, entry));
};

/** The entry as one line, for callers that write it elsewhere than to standard output. */
export const accessEntry = <E extends keyof AccessEvents>(
  event: E,
  entry: LogContext & AccessEvents[E],
): string => lineOf(event, entry);

type Extension = Pick<HistoryEvents['history-extended'], 'number' | 'head' | 'keyIds'> &
  Readonly<{ customerId: string }>;

/** The line about a history that was extended. It holds ids, a number and an HMAC, never a value. */
export const extensionLine = (
  { customerId: customer, number, head, keyIds }: Extension,
  { requestId, useCase, businessId: business }: LogContext & Readonly<{ businessId: string }>,
): string => {
  const entry: LogContext & HistoryEvents['history-extended'] = {
    ...{ requestId, useCase },
    ...{ business, customer, number, head, keyIds },
  };
  return lineOf('history-extended', entry);
};

const lineOf = (event: string, entry: Readonly<Record<string, unknown>>): string => {
  const { message, ...fields } = admitted(event, entry);
  return JSON.stringify({ message, timestamp: new Date().toISOString(), ...fields });
};
