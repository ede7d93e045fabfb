/** What begins a formula: = + - @, in any width. Spreadsheets also take the minus sign for a hyphen. */
const FORMULA = String.raw`=﹦＝⁼₌+﹢＋⁺₊\-﹣－−@﹫＠`;
/** What separates cells or rows in one spreadsheet or another. The separator depends on its settings, not on the file. */
const SEPARATOR = String.raw`,;\|\t\r\n\v\f\u0085\u2028\u2029`;
/** What a spreadsheet may drop between a separator and a formula: white space, quotes, characters that show nothing. */
const DROPPED = String.raw`${SEPARATOR}\s'"\p{Cc}\p{Default_Ignorable_Code_Point}`;

/** Everything up to a formula that may be dropped. The lookbehind keeps the search linear: no run is searched twice. */
const BEFORE_FORMULA = new RegExp(`(?<![${DROPPED}])[${DROPPED}]*(?=[${FORMULA}])`, 'gu');
/** Each place in such a run where a cell may begin. */
const CELL = new RegExp(`(?<=[${SEPARATOR}])`, 'gu');
const GUARDED_CELL = new RegExp(`(?<=[${SEPARATOR}])'`, 'gu');
/** Spreadsheets may drop these before they look for a formula (OWASP, CSV injection). */
const BLANK_START = /^'*[\t\r\n]/;

/**
 * A text that a spreadsheet takes for a number and then shows or saves as another text: nine or more digits, because a column
 * of the usual width shows eight and an exponent for more; a leading zero, which is dropped; and an exponent.
 */
const NUMBER = /^[\s']*(?:\d{9,}|0\d+|\d+(?:[.,]\d*)?[eE][+\-]?\d+)\s*$/u;

/**
 * A text that no spreadsheet turns into another number or runs as a formula, whatever separates its cells: an apostrophe is put before
 * the text, and after each separator in it where a formula follows.
 */
export const guarded = (text: string): string => {
  const inside = text.replace(BEFORE_FORMULA, (run) => run.replace(CELL, "'"));
  return needsApostrophe(text) ? `'${inside}` : inside;
};

/** The text as it was before `guarded`. A text that `guarded` cannot have made stays as it is. */
export const unguarded = (text: string): string => {
  const start = text.startsWith("'") && needsApostrophe(text) ? text.slice(1) : text;
  const bare = start.replace(BEFORE_FORMULA, (run) => run.replace(GUARDED_CELL, ''));
  return guarded(bare) === text ? bare : text;
};

const FORMULA_AT_START = new RegExp(`^[${DROPPED}]*[${FORMULA}]`, 'u');

const needsApostrophe = (text: string): boolean =>
  FORMULA_AT_START.test(text) || BLANK_START.test(text) || NUMBER.test(text);

/** What may separate the cells of a line. Cells are guarded for each of these. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Without this mark at the start of the file, a spreadsheet may read UTF-8 as another encoding. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A line of a CSV (RFC 4180): each cell is guarded, and quoted because it may hold separators. */
export const csvLine = (cells: readonly string[], delimiter: Delimiter = ','): string =>
  `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(delimiter)}\r\n`;
