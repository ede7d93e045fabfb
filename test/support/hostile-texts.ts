import fc from 'fast-check';
import { sized } from './promise.ts';

/** What each escape and property of a pattern stands for, one of each kind. */
// prettier-ignore
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  '\\d': ['0', '9'], '\\w': ['a', 'Z', '_', '7'], '\\s': [' ', '\n', '\u2003'], '\\S': ['x'], '.': ['y'],
  '\\p{L}': ['é', 'ß', 'ж'], '\\p{M}': ['\u0301'], '\\p{N}': ['1', '٤'], '\\p{Pd}': ['-', '–'],
  '\\p{Script=': ['ο', 'a'], '\\p{Default_Ignorable': ['\u200b'],
};
/** What breaks a match that is nearly one. */
const BREAKERS = ['', '\u0001', '\n'].slice(0, sized({ short: 2, full: 3 }));
const ANY = ['a', '0', ' ', '\n', '-', '.', '@', '"', '/', "'", '\u0301', '\u{1F600}', '\ud800', 'İ'];
/** Of a pattern's own characters so many are paired with each other. */
const PAIRED = sized({ short: 3, full: 20 });
const SAMPLES = sized({ short: 2, full: 20 });
const SEED = 22;

/** The characters of a pattern, the named ones by their stand-ins. */
const ownCharacters = ({ source }: RegExp): string[] => {
  const named = Object.entries(STAND_INS).flatMap(([escape, texts]) =>
    source.includes(escape) ? texts : [],
  );
  const literal = Array.from(source.replaceAll(/\\[a-z](?:\{[^}]*\})?|\{\d+(?:,\d*)?\}/giu, ''));
  return [...new Set([...named, ...literal])];
};

/** Texts that the pattern matches, as far as it can be turned around; a look-behind cannot. */
const matchesOf = (pattern: RegExp): string[] => {
  try {
    const flags = pattern.flags.replaceAll(/[gi]/g, '');
    return fc.sample(fc.stringMatching(new RegExp(pattern.source, flags)), { numRuns: SAMPLES, seed: SEED });
  } catch {
    return [];
  }
};

const pairsOf = (characters: readonly string[]): string[] =>
  characters.flatMap((one) => characters.map((other) => one + other));

/** A text over and over again, in so many UTF-16 units. */
export const filled = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** What is repeated to hurt a pattern: its own characters alone and in pairs, what it matches, and some of anything. */
const unitsFor = (pattern: RegExp): string[] => {
  const own = ownCharacters(pattern);
  const matching = matchesOf(pattern).filter((match) => match !== '');
  const random = fc.sample(
    fc.string({ unit: fc.constantFrom(...own, ...ANY), minLength: 3, maxLength: 40 }),
    {
      numRuns: SAMPLES,
      seed: SEED,
    },
  );
  return [...new Set([...ANY, ...own, ...pairsOf(own.slice(0, PAIRED)), ...matching, ...random])];
};

/** Texts as bad for a pattern as we can think of: repeated for so many UTF-16 units, after a good start, broken at the end. */
export function* hostileTexts(pattern: RegExp, length: number): Generator<string> {
  const starts = matchesOf(pattern).slice(0, sized({ short: 1, full: 3 }));
  for (const unit of unitsFor(pattern)) {
    const text = filled(unit, length);
    for (const breaker of BREAKERS) yield text + breaker;
    for (const start of starts) yield `${start}${text}\u0001`;
  }
}

/** Units of texts that are hostile to whatever reads them: case and width that grow, marks, and half a character. */
// prettier-ignore
export const HOSTILE_UNITS = [
  ...ANY, 'ﷺ', 'ẞ', '٤', '+', '(', '00', 'a@', 'a.', '.a', '@a', 'xn--', '-a', 'a-', '1 ', 'a ', "a'", '"a", ', 'W/"a"', ',', ':', '\\',
  '%', '\u0000', '\u00ad', 'é\u0301', 'ａ', 'Σ', '{"a":', '[', '5f1d7f1d7f1d7f1d7f1d7f1d:OWNER ', '2026-01-01T00:00:00.000Z',
];
