import { rm } from 'node:fs/promises';
import { createFirstFree, createPrivateFile } from '../private-files.ts';
import type { RefusedLine } from './check-line.ts';

/** The file in which an import lists the lines that it refuses, as NDJSON. */
export type RefusedReport = Readonly<{
  file: string;
  add: (refused: readonly RefusedLine[]) => Promise<void>;
  /** Closes the file, and removes it if no line was refused. */
  close: () => Promise<void>;
}>;

/**
 * Creates the report: the file that the operator named, or a new one beside the imported file.
 * @throws UsageError when the named file exists already, or the report cannot be written
 */
export const createReport = async (named: string | undefined, imported: string): Promise<RefusedReport> => {
  const { file, opened } =
    named === undefined
      ? await createFirstFree(namesBeside(imported))
      : { file: named, opened: await createPrivateFile(named) };
  let isEmpty = true;
  return {
    file,
    add: async (refused) => {
      isEmpty &&= refused.length === 0;
      await opened.write(refused.map((one) => `${JSON.stringify(one)}\n`).join(''));
    },
    close: async () => {
      await opened.close();
      if (isEmpty) await rm(file, { force: true });
    },
  };
};

const MOST_REPORTS = 1_000;

function* namesBeside(imported: string): Generator<string> {
  yield `${imported}.refused.ndjson`;
  for (let number = 2; number <= MOST_REPORTS; number += 1)
    yield `${imported}.refused-${String(number)}.ndjson`;
}
