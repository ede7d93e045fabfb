import { linesWrittenBy } from './captured-output.ts';

/** Whether a line that a function wrote is an entry of the access log. */
export const isAccessLine = (line: string): boolean =>
  /^\{"message":"(?:customer-accessed|access-denied)"/.test(line);

/** An entry without what differs each time; the test that wants those looks at the lines. */
const entryOf = (line: string) => {
  const { timestamp: _timestamp, ...entry } = JSON.parse(line);
  return entry;
};

/** The entries of the access log among such lines. */
export const accessesIn = (lines: readonly string[]): any[] => lines.filter(isAccessLine).map(entryOf);

/** Runs steps and gives the entries that they left in the access log, oldest first. */
export const accessesBy = async (steps: () => unknown): Promise<any[]> =>
  accessesIn(await linesWrittenBy(steps));
