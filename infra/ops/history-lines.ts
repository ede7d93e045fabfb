import type { HistoryLine } from '#lib/domain/histories/newest-lines.ts';
import { readLogLines } from './log-lines.ts';
import { isId } from './options.ts';

/**
 * What a file of log lines holds: the lines about extended histories one by one, or the number of a line that cannot be
 * read.
 */
export type LineRead = Readonly<{ line: HistoryLine }> | Readonly<{ unreadable: number }>;

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === 'string';

const EVENT = 'history-extended';

/**
 * Reads the lines about extended histories in a file of log lines. Lines about anything else are left out.
 * @throws UsageError when the file cannot be read
 */
export async function* readHistoryLines(file: string): AsyncGenerator<LineRead> {
  for await (const { number, entry } of readLogLines(file, EVENT)) {
    const line = entry === null ? 'unreadable' : lineIn(entry);
    if (line !== null) yield line === 'unreadable' ? { unreadable: number } : { line };
  }
}

const HEAD = /^[0-9a-f]{64}$/;

const lineIn = (entry: Fields): HistoryLine | 'unreadable' | null => {
  const { message, business, customer, number, head, keyIds } = entry;
  if (message !== EVENT) return null;
  const areIds = isText(business) && isId(business) && isText(customer) && isId(customer);
  const isNumber = typeof number === 'number' && Number.isSafeInteger(number) && number > 0;
  const isHead = isText(head) && HEAD.test(head) && Array.isArray(keyIds) && keyIds.every(isText);
  return areIds && isNumber && isHead
    ? { businessId: business, customerId: customer, number, head, keyIds }
    : 'unreadable';
};
