import { type Counts, countWithProgress } from './count-with-progress.ts';
import type { Format } from './options.ts';
import type { Progress } from './progress-line.ts';

/** How records are written: the text before all of them, and the text of each one, line breaks included. */
export type RecordFormat<T> = Readonly<{ header: string; lineOf: (record: T) => string }>;

/** How records of one kind are written in each format. */
export type RecordFormats<T> = Readonly<Record<Format, RecordFormat<T>>>;

/** Some records of a walk through a business, and how many customers this part of the walk has finished. */
type Slice<T> = Readonly<{ records: readonly T[]; customers: number }>;

const ZERO = { customers: 0, records: 0 };
type Written = Counts<keyof typeof ZERO>;

/**
 * Writes the records of a walk through the customers of a business, slice by slice, and shows its progress.
 * @returns how many customers were walked and how many records were written, and the rate
 */
export const writeRecords = async <T>(
  slices: AsyncIterable<Slice<T>>,
  {
    format,
    write,
    progressOf,
  }: Readonly<{
    format: RecordFormat<T>;
    write: (text: string) => unknown;
    progressOf: (sums: Written) => Progress;
  }>,
) => {
  async function* steps(): AsyncGenerator<Written> {
    if (format.header !== '') await write(format.header);
    for await (const { records, customers } of slices) {
      if (records.length > 0) await write(records.map(format.lineOf).join(''));
      yield { customers, records: records.length };
    }
  }
  return await countWithProgress(steps(), ZERO, progressOf);
};
