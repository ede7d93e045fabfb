import { unguarded } from '../spreadsheet-text.ts';
import { jsonOrText, readNdjson, readText } from '../text-files.ts';
import type { Format } from '../options.ts';
import { choicesOf, type Column, columnsOf, type Mapping } from './columns.ts';
import { type CsvLayout, isBlankText, layoutOf } from './csv-layout.ts';
import { recordsOf } from './csv-records.ts';
import type { DetectedEncoding } from './encoding.ts';
import { splitLastNameFirst, splitName } from './full-name.ts';
import type { Field } from './known-columns.ts';

/** A file of customers, and how to read it. */
export type ImportFile = Readonly<{
  file: string;
  format: Format;
  /** What separates the cells of a CSV; without it, the first lines decide. */
  delimiter?: string | undefined;
  mapping: Mapping;
}>;

/** What was found out about a file before it is read row by row; no table for NDJSON. */
export type FoundFile = Readonly<{
  source: ImportFile;
  detected: DetectedEncoding;
  table: Readonly<{ layout: CsvLayout; columns: readonly Column[] }> | null;
}>;

/** One row of the file, by the number of its first line; null when its shape is wrong, which the rule says. */
export type Row = Readonly<{ line: number; draft: Readonly<Record<string, unknown>> | null; rule?: string }>;

/** One row of a CSV, with its cells. */
export type Cells = Readonly<{ line: number; cells: readonly string[] }>;

/** So many characters at the beginning tell the layout. */
const START_LENGTH = 65_536;

const startOf = async ({ file }: ImportFile, encoding: string): Promise<string> => {
  let start = '';
  for await (const piece of readText(file, { encoding })) {
    start += piece;
    if (start.length >= START_LENGTH) break;
  }
  return start.slice(0, START_LENGTH);
};

/**
 * Finds the header of a CSV and what its columns hold.
 * @throws UsageError when the file cannot be read or no column is known
 */
export const findTable = async (source: ImportFile, detected: DetectedEncoding): Promise<FoundFile> => {
  if (source.format === 'ndjson') return { source, detected, table: null };
  const { mapping, delimiter: given, file } = source;
  const layout = layoutOf(await startOf(source, detected.encoding), { mapping, given });
  let headers: readonly string[] = [];
  for await (const { cells } of recordsOf(readText(file, detected), { file, layout })) {
    headers = cells;
    break;
  }
  return {
    source,
    detected,
    table: { layout, columns: columnsOf(headers, { mapping, line: layout.headerLine }) },
  };
};

/** The rows of a CSV below its header. Lines with nothing to see are left out. */
export async function* csvCells(
  { source: { file }, detected: { encoding } }: FoundFile,
  layout: CsvLayout,
  onBytes?: (bytes: Uint8Array) => void,
): AsyncGenerator<Cells> {
  for await (const record of recordsOf(readText(file, { encoding, onBytes }), { file, layout }))
    if (record.line > layout.headerLine && !record.cells.every(isBlankText)) yield record;
}

type Choices = ReturnType<typeof choicesOf>;
type Draft = Record<string, unknown>;

const valueOf = (field: Field, cell: string): unknown => {
  const text = unguarded(cell);
  if (field === 'stateHistory') return jsonOrText(text);
  return field === 'state' || field === 'customerType' ? text.trim().toLowerCase() : text;
};

/** Sets the two names from a column with both, if no other column has given either. */
const addFullName = (draft: Draft): Draft => {
  const { fullName, lastNameFirst, ...rest } = draft;
  if ('firstName' in rest || 'lastName' in rest) return rest;
  if (typeof fullName === 'string') return { ...rest, ...splitName(fullName) };
  return typeof lastNameFirst === 'string' ? { ...rest, ...splitLastNameFirst(lastNameFirst) } : rest;
};

const draftOf = (cells: readonly string[], choices: Choices): Draft => {
  const draft: Draft = {};
  for (const [field, columns] of choices) {
    const cell = columns.map(({ position }) => cells[position - 1] ?? '').find((one) => !isBlankText(one));
    if (cell !== undefined) draft[field] = valueOf(field, cell);
  }
  return addFullName(draft);
};

async function* csvRows(
  found: FoundFile,
  { layout, columns }: NonNullable<FoundFile['table']>,
): AsyncGenerator<Row> {
  const choices = choicesOf(columns);
  for await (const { line, cells } of csvCells(found, layout)) {
    const isTooLong = !cells.slice(columns.length).every(isBlankText);
    yield isTooLong
      ? { line, draft: null, rule: 'more-cells-than-header' }
      : { line, draft: draftOf(cells, choices) };
  }
}

async function* ndjsonRows({ source, detected: { encoding } }: FoundFile): AsyncGenerator<Row> {
  for await (const { line, object } of readNdjson(source.file, { encoding })) yield { line, draft: object };
}

/** The rows of a file, one at a time. @throws UsageError when the file cannot be read in its format */
export const rowsOf = (found: FoundFile): AsyncGenerator<Row> =>
  found.table === null ? ndjsonRows(found) : csvRows(found, found.table);
