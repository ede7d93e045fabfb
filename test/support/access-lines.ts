import { linesWrittenBy } from './captured-output.ts';

/** Whether a line that a function wrote is an entry of the access log. */
export const isAccessLine = (line: string): boolean =>
  /^\{"message":"(?:customer-accessed|access-denied)"/.test(line);

/** An entry without the fields that differ each time; a test that needs those reads the lines. */
const entryOf = (line: string) => {
  const { timestamp: _timestamp, ...entry } = JSON.parse(line);
  return entry;
};

/** The access-log entries among these lines. */
export const accessesIn = (lines: readonly string[]): any[] => lines.filter(isAccessLine).map(entryOf);

/** Runs steps and returns the access-log entries that they wrote, oldest first. */
export const accessesBy = async (steps: () => unknown): Promise<any[]> =>
  accessesIn(await linesWrittenBy(steps));

const REQUEST_ID = /(\\*"(?:requestId|invocationId)\\*":\\*")[^"\\]*/g;

/** A text without the ids of requests: they are random letters, and may spell a short name. */
export const withoutRequestIds = (text: string): string => text.replaceAll(REQUEST_ID, '$1');
