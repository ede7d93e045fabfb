import { LONGEST_ROW } from '../text-files.ts';

/** The formula that keeps a number as text in a spreadsheet: `="0123"`. */
const TEXT_FORMULA = /^="([^"]*)"$/u;

/** The text that a cell `="0123"` shows; any other cell stays as it is. */
export const shownText = (cell: string): string => TEXT_FORMULA.exec(cell)?.[1] ?? cell;

/** Cells that are such a formula without quotation marks around it, and all other quotation marks. */
const quotesIn = (delimiter: string): RegExp => {
  const separator = delimiter.replaceAll(/\W/gu, String.raw`\$&`);
  return new RegExp(String.raw`(?<=^|${separator}|[\r\n])="([^"\r\n]*)"(?=${separator}|[\r\n]|$)|"`, 'g');
};

/**
 * A CSV in which cells such as `="0123"` are in quotation marks, as its grammar wants it. Inside quoted cells nothing changes.
 * @returns pieces that end with a line break, except the last one
 */
export async function* withQuotedFormulas(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<string> {
  const quotes = quotesIn(delimiter);
  let isQuoted = false;
  const quoted = (lines: string): string =>
    lines.replace(quotes, (match, shown?: string) => {
      if (shown === undefined) isQuoted = !isQuoted;
      return shown === undefined || isQuoted ? match : `"=""${shown}"""`;
    });
  let rest = '';
  for await (const piece of text) {
    rest += piece;
    const end = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r')) + 1;
    // The parser refuses a longer row.
    const cut = end === 0 && rest.length > LONGEST_ROW ? rest.length : end;
    yield quoted(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  yield quoted(rest);
}
