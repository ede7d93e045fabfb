import { fc } from '#test/support/fast-check.ts';
import { sized } from './promise.ts';

/** An example for each escape and property in a pattern. */
// prettier-ignore
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  '\\d': ['0', '9'], '\\w': ['a', 'Z', '_', '7'], '\\s': [' ', '\n', '\u2003'], '\\S': ['x'], '.': ['y'],
  '\\p{L}': ['é', 'ß', 'ж'], '\\p{M}': ['\u0301'], '\\p{N}': ['1', '٤'], '\\p{Pd}': ['-', '–'],
  '\\p{Script=': ['ο', 'a'], '\\p{Default_Ignorable': ['\u200b'],
};
/** Characters that end a match which was almost complete. */
const BREAKERS = ['', '\u0001', '\n'].slice(0, sized({ short: 2, full: 3 }));
const ANY = ['a', '0', ' ', '\n', '-', '.', '@', '"', '/', "'", '\u0301', '\u{1F600}', '\ud800', 'İ'];
/** How many of a pattern's own characters are combined in pairs. */
const PAIRED = sized({ short: 3, full: 20 });
const SAMPLES = sized({ short: 2, full: 20 });
const SEED = 22;

/** The characters of a pattern, with examples for its escapes. */
const ownCharacters = ({ source }: RegExp): string[] => {
  const named = Object.entries(STAND_INS).flatMap(([escape, texts]) =>
    source.includes(escape) ? texts : [],
  );
  const literal = Array.from(source.replaceAll(/\\[a-z](?:\{[^}]*\})?|\{\d+(?:,\d*)?\}/giu, ''));
  return [...new Set([...named, ...literal])];
};

/** Texts that the pattern matches, as far as they can be derived from it. Look-behinds are left out. */
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

/** A text repeated to a length in UTF-16 units. */
export const filled = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** What is repeated to hurt a pattern: its own characters, alone and in pairs, its matches, and other characters. */
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

/** The worst texts for a pattern that we know: a good start, then repetitions up to a length, then a broken end. */
export function* hostileTexts(pattern: RegExp, length: number): Generator<string> {
  const starts = matchesOf(pattern).slice(0, sized({ short: 1, full: 3 }));
  for (const unit of unitsFor(pattern)) {
    const text = filled(unit, length);
    for (const breaker of BREAKERS) yield text + breaker;
    for (const start of starts) yield `${start}${text}\u0001`;
  }
}

/** Units of texts that are hostile to any reader: characters that grow by case or width, marks, and half characters. */
// prettier-ignore
export const HOSTILE_UNITS = [
  ...ANY, 'ﷺ', 'ẞ', '٤', '+', '(', '00', 'a@', 'a.', '.a', '@a', 'xn--', '-a', 'a-', '1 ', 'a ', "a'", '"a", ', 'W/"a"', ',', ':', '\\',
  '%', '\u0000', '\u00ad', 'é\u0301', 'ａ', 'Σ', '{"a":', '[', '5f1d7f1d7f1d7f1d7f1d7f1d:OWNER ', '2026-01-01T00:00:00.000Z',
];
