import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { Misuse } from '../command.ts';
import { unguarded } from '../spreadsheet-text.ts';
import { type Field, fieldsOfColumns, type Mapping } from './columns.ts';

export type Source = Readonly<{
  file: string;
  format: 'csv' | 'ndjson';
  /** What separates the cells; found out by the first line without it. */
  delimiter?: string | undefined;
  mapping: Mapping;
}>;

/** One line as it stands in the file, by the number of its first line; null when it cannot be read. */
export type Row = Readonly<{ line: number; draft: Readonly<Record<string, unknown>> | null }>;

/** Node's own code for it. */
const NOT_UTF_8 = 'ERR_ENCODING_INVALID_ENCODED_DATA';
const LONGEST_ROW = 1_000_000;
const DELIMITERS = [',', ';', '\t'];

/** The file's text in pieces. @throws Misuse when it is not there, or no UTF-8 */
async function* textOf(file: string, onBytes: (bytes: Uint8Array) => void = () => undefined) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of createReadStream(file)) {
      if (!(bytes instanceof Uint8Array)) continue;
      onBytes(bytes);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    const isEncoding =
      typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === NOT_UTF_8;
    throw new Misuse(isEncoding ? `${file} is not in UTF-8.` : `${file} cannot be read.`, { cause });
  }
}

async function* linesIn(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_ROW) throw new Misuse('A line is longer than a million characters.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const delimiterIn = (firstLine: string): string => {
  const unquoted = firstLine.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((one) => unquoted.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
};

type Parsed = Readonly<{ info: { lines: number }; record: readonly string[] }>;

async function* cellsOf({ file, delimiter }: Source, onBytes?: (bytes: Uint8Array) => void) {
  const first = await linesIn(textOf(file)).next();
  const parser = parse({
    delimiter: delimiter ?? delimiterIn(first.done === true ? '' : first.value),
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  });
  const text = Readable.from(textOf(file, onBytes));
  text.on('error', (error) => parser.destroy(error));
  const records: AsyncIterable<Parsed> = text.pipe(parser);
  let line = 1;
  try {
    for await (const { info, record } of records) {
      yield { line, cells: record };
      line = info.lines + 1;
    }
  } catch (cause) {
    if (cause instanceof Misuse) throw cause;
    throw new Misuse(`${file} is no CSV from line ${String(line)} on: look at its quotes.`, { cause });
  }
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell === '');

async function* csvRows(source: Source, onBytes?: (bytes: Uint8Array) => void): AsyncGenerator<Row> {
  let fields: readonly (Field | null)[] | undefined;
  for await (const { line, cells } of cellsOf(source, onBytes)) {
    if (isBlank(cells)) continue;
    if (fields === undefined) fields = fieldsOfColumns(cells, source.mapping);
    else yield { line, draft: cells.length > fields.length ? null : draftOf(cells, fields) };
  }
}

const draftOf = (cells: readonly string[], fields: readonly (Field | null)[]): Row['draft'] => {
  const draft: Record<string, unknown> = {};
  for (const [column, cell] of cells.entries()) {
    const field = fields[column];
    if (field === undefined || field === null || cell === '') continue;
    draft[field] = field === 'stateHistory' ? jsonIn(cell) : unguarded(cell);
  }
  return draft;
};

const jsonIn = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
};

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function* ndjsonRows({ file }: Source, onBytes?: (bytes: Uint8Array) => void): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of linesIn(textOf(file, onBytes))) {
    line += 1;
    if (text.trim() === '') continue;
    const value = jsonIn(text);
    yield { line, draft: isFields(value) ? value : null };
  }
}

/** The rows of a file, one at a time. @throws Misuse when it is none of this kind */
export const rowsOf = (source: Source, onBytes?: (bytes: Uint8Array) => void): AsyncGenerator<Row> =>
  source.format === 'csv' ? csvRows(source, onBytes) : ndjsonRows(source, onBytes);

/** Reads a whole file before any of it is imported: how many rows it has, and its SHA-256. @throws Misuse */
export const survey = async (source: Source): Promise<Readonly<{ rows: number; digest: string }>> => {
  const hash = createHash('sha256');
  let rows = 0;
  const read = rowsOf(source, (bytes) => hash.update(bytes));
  while ((await read.next()).done !== true) rows += 1;
  return { rows, digest: hash.digest('hex') };
};
