import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UsageError } from '../command.ts';
import { LONGEST_ROW } from '../text-files.ts';
import type { CsvLayout } from './csv-layout.ts';
import { shownText, withQuotedFormulas } from './text-formulas.ts';

/** The cells of one record, and the number of the line on which it begins. */
export type CsvRecord = Readonly<{ line: number; cells: readonly string[] }>;

const LINE_BREAK = /\r\n|\n|\r/g;

/** A text without its first lines, and without byte order marks before the rest. */
async function* afterLines(text: AsyncIterable<string>, count: number): AsyncGenerator<string> {
  let start: string | null = '';
  for await (const piece of text) {
    if (start === null) {
      yield piece;
      continue;
    }
    start += piece;
    const rest = restAfter(start, count);
    if (rest === null) continue;
    start = null;
    yield rest;
  }
  if (start !== null) yield restAfter(`${start}\n`, count) ?? '';
}

/** The text after so many lines; null while something is missing that may still belong to these lines. */
const restAfter = (text: string, count: number): string | null => {
  let from = 0;
  LINE_BREAK.lastIndex = 0;
  for (let line = 0; line < count; line += 1) {
    if (LINE_BREAK.exec(text) === null) return null;
    from = LINE_BREAK.lastIndex;
  }
  return from === text.length ? null : text.slice(from).replace(/^\ufeff+/u, '');
};

/** How many lines a record takes. The parser itself counts a line break of two characters in a cell as two. */
const linesIn = (cells: readonly string[]): number =>
  1 + cells.reduce((sum, cell) => sum + (cell.match(LINE_BREAK)?.length ?? 0), 0);

/** What to say of a fault, by the parser's own code. The line of the record says where a quoted cell may have begun. */
const faultOf = ({ code }: CsvError, line: number): string => {
  const where = `line ${String(line)}`;
  switch (code) {
    case 'INVALID_OPENING_QUOTE':
      return `${where} has a quotation mark inside a cell. Put the cell in quotation marks, and write each one inside it twice.`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return `in ${where}, a cell begins with a quotation mark, and none ends it. Add the missing one, or write the cell without.`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return `in ${where}, text follows the quotation mark that ends a cell. Write each quotation mark inside a cell twice.`;
    case 'CSV_MAX_RECORD_SIZE':
      return `${where} begins a row of more than a million characters. Check its quotation marks and the line breaks.`;
    default:
      return `${where} cannot be read. Check its quotation marks.`;
  }
};

/**
 * The records of a CSV from its header on, blank lines among them. Of a cell `="0123"`, only the text inside is given.
 * @param file its name, for messages
 * @throws UsageError when it is not valid CSV; the message names the line of the fault
 */
export async function* recordsOf(
  text: AsyncIterable<string>,
  { file, layout }: { file: string; layout: CsvLayout },
): AsyncGenerator<CsvRecord> {
  const before = layout.headerLine - 1;
  // The parser reads ahead of the records that it hands on: a fault is where the record after the last one parsed begins.
  let parsedTo = layout.headerLine;
  const parser = parse({
    delimiter: layout.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // Some programs write a space after the separator, which must not hide a quotation mark.
    trim: true,
    max_record_size: LONGEST_ROW,
    on_record: (cells) => {
      parsedTo += linesIn(cells);
      return cells.map(shownText);
    },
  });
  const source = Readable.from(withQuotedFormulas(afterLines(text, before), layout.delimiter));
  source.on('error', (error) => parser.destroy(error));
  const records: AsyncIterable<readonly string[]> = source.pipe(parser);
  let line = layout.headerLine;
  try {
    for await (const cells of records) {
      yield { line, cells };
      line += linesIn(cells);
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UsageError(`${file} is not valid CSV: ${faultOf(cause, parsedTo)}`, { cause });
  } finally {
    // Without this, the file stays open when reading stops early.
    source.destroy();
  }
}
