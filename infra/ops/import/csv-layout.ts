import { knownColumns, type Mapping } from './columns.ts';

/** How a CSV file is laid out: where its header is, and what separates its cells. */
export type CsvLayout = Readonly<{
  /** The line of the header, counted from 1. */
  headerLine: number;
  delimiter: string;
  /** Whether the lines before the header hold text, apart from a line `sep=`. */
  hasTitle: boolean;
}>;

const DELIMITERS = [',', ';', '\t', '|'];
/** The header is looked for in so many lines. */
const HEADER_WITHIN = 20;
/** What spreadsheets write and read as the first line. Other programs may add separators behind it. */
const SEP_LINE = /^\ufeff*\s*"?sep= *([^ ])"?[,;\s]*$/iu;

/** A line that may be the header, by its index: how many cells it has, and how many of them are known names. */
type Candidate = Readonly<{ index: number; delimiter: string; known: number; count: number }>;

/** White space, control characters and characters that show nothing. */
export const isBlankText = (text: string): boolean =>
  !/[^\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(text);

/** The cells of a line, roughly: enough to compare names. */
const roughCells = (line: string, delimiter: string): readonly string[] => {
  const masked = line.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(delimiter, ' '));
  return masked.split(delimiter).map((cell) => cell.replaceAll(/^\s*"|"\s*$/g, ''));
};

/** A line with those after it that its last cell, in quotation marks, also spans. Without a closing mark, the line alone. */
const wholeRow = (lines: readonly string[], first: number): string => {
  let row = '';
  for (const line of lines.slice(first)) {
    row += `${line}\n`;
    if (row.split('"').length % 2 === 1) return row;
  }
  return lines[first] ?? '';
};

/**
 * Finds the header in the first lines of a file: the line with the most column names that are known, else the line with the
 * most cells.
 * @param start the beginning of the file
 * @param given the separator that the operator named
 */
export const layoutOf = (
  start: string,
  { mapping, given }: { mapping: Mapping; given: string | undefined },
): CsvLayout => {
  const lines = start.split(/\r\n|\n|\r/, HEADER_WITHIN);
  const named = lines.map((line) => SEP_LINE.exec(line)?.[1]);
  const candidatesWith = (delimiters: readonly string[]): readonly Candidate[] =>
    lines.flatMap((line, index) =>
      isBlankText(line) || named[index] !== undefined
        ? []
        : delimiters.map((delimiter) => {
            const cells = roughCells(wholeRow(lines, index), delimiter);
            return { index, delimiter, known: knownColumns(cells, mapping), count: cells.length };
          }),
    );
  const asked = given ?? named.find((one) => one !== undefined);
  const wanted = candidatesWith(asked === undefined ? DELIMITERS : [asked]);
  // A line `sep=` may be wrong: a program may write it for one separator and use another.
  const isWrong = given === undefined && wanted.every(({ known }) => known === 0);
  const candidates = isWrong ? [...wanted, ...candidatesWith(DELIMITERS)] : wanted;
  // Sorting is stable: the earliest line comes first among equals.
  const [best] = candidates.toSorted((a, b) => b.known - a.known || b.count - a.count);
  const index = best?.index ?? 0;
  const hasTitle = lines.slice(0, index).some((line, at) => !isBlankText(line) && named[at] === undefined);
  return { headerLine: index + 1, delimiter: best?.delimiter ?? asked ?? ',', hasTitle };
};
