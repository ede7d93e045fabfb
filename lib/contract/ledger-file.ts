import * as z from 'zod';
import type { LedgerEntry } from '#lib/domain/rights/erasure.ts';

/** The keys of all files of the ledger begin so. */
export const LEDGER_PREFIX = 'erasures/';

const VERSION = 1;
const Id = z.string().regex(/^[0-9a-f]{24}$/);

const Line = z.strictObject({
  v: z.literal(VERSION),
  businessId: Id,
  customerId: Id,
  at: z.iso.datetime({ precision: 3 }),
  cause: z.enum(['request', 'retention']),
  auditSeq: z.int().min(0),
  auditHead: z.string().regex(/^([0-9a-f]{2})+$/),
});

/** A file of the ledger: one line of JSON for each erasure. */
export type LedgerFile = Readonly<{ key: string; text: string }>;

/**
 * Writes erasures down as a file. Its key has the time of the newest one, so that files are listed in the order of time, and
 * a hash of the content, so that the same erasures written twice are one file.
 * @param entries in the order of their times, at least one
 * @param digest a hash of a text, for a key
 */
export const toLedgerFile = (
  entries: readonly [LedgerEntry, ...LedgerEntry[]],
  digest: (text: string) => string,
): LedgerFile => {
  const text = entries.map(toLine).join('');
  const time = (entries.at(-1) ?? entries[0]).at.toISOString();
  const [year = '', month = '', day = ''] = time.slice(0, 10).split('-');
  const name = `${time.replaceAll(/[-:.]/g, '')}-${digest(text)}.ndjson`;
  return { key: `${LEDGER_PREFIX}${year}/${month}/${day}/${name}`, text };
};

const toLine = ({ businessId, customerId, at, cause, auditSeq, auditHead }: LedgerEntry): string => {
  const line: z.output<typeof Line> = {
    v: VERSION,
    businessId,
    customerId,
    at: at.toISOString(),
    cause,
    auditSeq,
    auditHead,
  };
  return `${JSON.stringify(line)}\n`;
};

/** What a file of the ledger says, or the number of the first line that is none of ours, counted from 1. */
export type LedgerContent =
  Readonly<{ entries: readonly LedgerEntry[] }> | Readonly<{ unreadableLine: number }>;

/** Reads a file of the ledger. One line that cannot be read makes the whole file doubtful, so nothing of it is used. */
export const readLedgerFile = (text: string): LedgerContent => {
  if (!text.endsWith('\n')) return { unreadableLine: text.split('\n').length };
  const entries: LedgerEntry[] = [];
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const entry = readLine(line);
    if (entry === undefined) return { unreadableLine: index + 1 };
    entries.push(entry);
  }
  return { entries };
};

const readLine = (text: string): LedgerEntry | undefined => {
  const { data } = Line.safeParse(parsed(text));
  if (data === undefined) return undefined;
  const { v: _version, at, ...rest } = data;
  return { ...rest, at: new Date(at) };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
