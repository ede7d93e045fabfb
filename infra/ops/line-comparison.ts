import type { ComparedBatch } from '#functions/histories/verify-histories/verify-histories.ts';
import { NewestLines } from '#lib/domain/histories/newest-lines.ts';
import type { Checked } from '#lib/store/histories/check-histories.ts';
import { readHistoryLines } from './history-lines.ts';
import { counted, thousands } from './terminal.ts';

/** What a file of log lines holds, and for how many histories it holds nothing. */
export type Log = { newest: NewestLines; unreadable: readonly number[]; withoutLine: number };

/** Reads the newest line of each customer of the business, or of every business. */
export const readLines = async (file: string | undefined, businessId: string | undefined): Promise<Log> => {
  const newest = new NewestLines();
  const unreadable: number[] = [];
  if (file === undefined) return { newest, unreadable, withoutLine: 0 };
  for await (const read of readHistoryLines(file)) {
    if ('unreadable' in read) unreadable.push(read.unreadable);
    else if (businessId === undefined || read.line.businessId === businessId) newest.add(read.line);
  }
  return { newest, unreadable, withoutLine: 0 };
};

/** The same batch, with what lines of the log prove against its histories. A broken history needs no other proof. */
export const compared = (batch: Checked, log: Log): ComparedBatch => {
  const known = new Set(batch.flawed.map(({ customerId }) => customerId));
  const found: ComparedBatch['flawed'][number][] = [...batch.flawed];
  for (const flaw of batch.flawed) log.newest.meet(flaw);
  for (const history of batch.histories) {
    const { businessId, customerId } = history;
    if (known.has(customerId)) continue;
    const trouble = log.newest.compare(history);
    if (trouble === 'no-line') log.withoutLine += 1;
    else if (trouble !== null) found.push({ businessId, customerId, trouble });
  }
  return { ...batch, flawed: found };
};

/** The most numbers of lines that are printed. */
const MOST_NUMBERS = 100;

/** What this run could not prove. */
export const notesOn = ({
  file,
  former,
  withoutLine,
  unreadable,
}: Omit<Log, 'newest'> & Readonly<{ file: string | undefined; former: number }>): readonly string[] => [
  ...unreadable.slice(0, MOST_NUMBERS).map((number) => `Line ${String(number)} of the file cannot be read.`),
  ...(unreadable.length > MOST_NUMBERS
    ? [`${thousands(unreadable.length - MOST_NUMBERS)} more lines of the file cannot be read.`]
    : []),
  ...(file === undefined
    ? [
        'No lines were given, so nothing shows whether customers were set back or deleted. Add --lines <file>.',
      ]
    : withoutLine > 0
      ? [`No line was found for ${counted(withoutLine, 'history', 'histories')}: nothing to compare with.`]
      : []),
  ...(former > 0
    ? [
        `${counted(former, 'history', 'histories')} of an earlier version, which prove less. ` +
          'Run reencrypt. After that, there must be none.',
      ]
    : []),
];
