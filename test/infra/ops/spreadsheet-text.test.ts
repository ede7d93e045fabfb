import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { parse } from 'csv-parse/sync';
import { csvLine, DELIMITERS, guarded, unguarded } from '#infra/ops/spreadsheet-text.ts';

const FORMULAS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹣', '⁼'];
const SEPARATORS = [',', ';', '\t', '|'];
/** Texts of what a guard looks at, and of little else. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...FORMULAS,
      ...SEPARATORS,
      ...['\r', '\n', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'],
      ...["'", "'", "'", '"', '"', ' ', '\u00a0', '\ufeff', '\u200b', '\u202e', '\0', '\u00ad'],
      ...['a', 'Ż', '1', '😀', '\\', '(', 'cmd', '0', '48512345678', 'e', 'E', '.'],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 20 }));

/** The cells of a file in programs that separate by this character and treat quotes in one of three ways. */
const cellsIn = (text: string, separator: string, quotes: 'ignored' | 'at the start' | 'anywhere') => {
  const cells: string[] = [];
  const characters = Array.from(text);
  let [cell, isQuoted, isFresh] = ['', false, true];
  for (const [index, character] of characters.entries()) {
    const isQuote = character === '"' && quotes !== 'ignored';
    if (isQuoted) {
      if (isQuote) isQuoted = false;
      else cell += character;
    } else if (isQuote && (isFresh || quotes === 'anywhere')) {
      // A doubled quote is one quote; the second of the two opens again what the first one has closed.
      if (!isFresh && characters[index - 1] === '"') cell += '"';
      isQuoted = true;
    } else if (character === separator || /[\r\n\v\f\u0085\u2028\u2029]/.test(character)) {
      cells.push(cell);
      [cell, isFresh] = ['', true];
      continue;
    } else cell += character;
    isFresh = false;
  }
  return [...cells, cell];
};

/** Whether a program might run a cell, whatever it drops before it looks. An apostrophe keeps it a text. */
const mightRun = (cell: string): boolean =>
  FORMULAS.includes(cell.replace(/^[\s"\p{Cc}\p{Default_Ignorable_Code_Point}]+/u, '')[0] ?? '');

describe('a line of a CSV', () => {
  it('has no cell that runs, whatever separates the cells of the program that opens it', () => {
    let without = 0;
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (texts) => {
        const line = csvLine(texts) + csvLine(texts);
        const bare = texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        for (const separator of SEPARATORS)
          for (const quotes of ['ignored', 'at the start', 'anywhere'] as const) {
            expect(cellsIn(line, separator, quotes).filter(mightRun)).toEqual([]);
            without += cellsIn(bare, separator, quotes).filter(mightRun).length;
          }
      }),
      { numRuns: 2_000 },
    );
    // Without the guard, many would.
    expect(without).toBeGreaterThan(1_000);
  });

  it('is read back as the texts it was made of', () => {
    const made = fc.tuple(fc.array(anyText, { minLength: 2, maxLength: 4 }), fc.constantFrom(...DELIMITERS));
    fc.assert(
      fc.property(made, ([texts, delimiter]) => {
        const line = csvLine(texts, delimiter);
        const [cells = []]: string[][] = parse(line, { delimiter, record_delimiter: '\r\n' });
        expect(cells.map(unguarded)).toEqual(texts);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The number that a spreadsheet makes of a cell, written as it shows or saves it in a narrow column; else the text itself. */
const shown = (cell: string): string => {
  const number = Number(cell.trim().replace(',', '.'));
  if (cell.trim() === '' || Number.isNaN(number)) return cell;
  const text = String(number);
  return text.length > 8 ? number.toExponential(2) : text;
};

describe('a number', () => {
  const digits = fc.stringMatching(/^[0-9]{1,20}$/);
  const number = fc.oneof(
    digits,
    digits.map((text) => `+${text}`),
    fc.tuple(digits, fc.constantFrom('e', 'E', '.5e', ',5E+', 'e-'), digits).map((parts) => parts.join('')),
  );

  it('stays the text that it is when a spreadsheet opens the file', () => {
    let without = 0;
    fc.assert(
      fc.property(number, (text) => {
        expect(shown(guarded(text)).replace(/^'/, '')).toBe(text);
        if (shown(text) !== text) without += 1;
      }),
    );
    // Without the guard, many would not.
    expect(without).toBeGreaterThan(30);
  });
});

describe('a guarded text', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+48 512', "'+48 512"],
    ['＝1', "'＝1"],
    [' =1', "' =1"],
    ['"=1', `'"=1`],
    ["'=1", "''=1"],
    ['\tx', "'\tx"],
    ['Anna;=1+1', "Anna;'=1+1"],
    ['Anna,@sum', "Anna,'@sum"],
    ['Anna\t-1', "Anna\t'-1"],
    ['Anna\n=cmd', "Anna\n'=cmd"],
    ['Anna\r\n+1', "Anna\r'\n'+1"],
    ['Anna|－1', "Anna|'－1"],
    ['Anna; "=1"', `Anna;' "=1"`],
    ["Anna;'=1", "Anna;''=1"],
    [';;=1', "';';'=1"],
    ['=1;=2', "'=1;'=2"],
    ['48512345678', "'48512345678"],
    ["'48512345678", "''48512345678"],
    ['+48512345678', "'+48512345678"],
    ['123456789', "'123456789"],
    [' 0123 ', "' 0123 "],
    ['4.85E+10', "'4.85E+10"],
    ['4,85e10', "'4,85e10"],
    ['1E5', "'1E5"],
  ])('%j is %j', (text, expected) => {
    expect(guarded(text)).toBe(expected);
    expect(unguarded(expected)).toBe(text);
  });

  it.each([
    '',
    '0',
    '12345678',
    '1.5',
    '2026-11-28',
    '512 345 678',
    "'12",
    '1E',
    "O'Connor",
    "'s-Hertogenbosch",
    'a-b',
    'a, b; c',
    'anna@b.example',
    '1 = 1',
    'a;b=1',
    "a;'b",
  ])('%j is that text itself', (text) => {
    expect([guarded(text), unguarded(text)]).toEqual([text, text]);
  });

  it('is undone exactly, and nothing else is undone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unguarded(guarded(text))).toBe(text);
        const read = unguarded(text);
        if (read !== text) expect(guarded(read)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(["a;'=1,-2", "'=1\n=2", "a;=1;'=2"])(
    'is not what another program made of %j: it keeps its apostrophes',
    (text) => {
      expect(unguarded(text)).toBe(text);
    },
  );

  it('takes time that grows with its length', () => {
    for (const part of ['\n', ';', "'", '";', ' ', '\t-', "\n'="]) {
      const text = part.repeat(200_000);
      expect(unguarded(guarded(text))).toBe(text);
    }
  });
});
