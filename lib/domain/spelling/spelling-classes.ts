import { foldName } from './folding.ts';

/**
 * Letters that people type instead of each other. Each row has the letter that all of them become, then the others, as
 * they are after `foldName`. Letters that only differ by marks are not here: `foldName` and `MARKS` remove these. The
 * letters й and ї are not in the table, so й does not become и, and ї does not become і.
 */
const SAME_LETTERS: readonly (readonly [string, string])[] = [
  // Cyrillic: ё is mostly printed as е, and the other letters are missing on Russian keyboards.
  ['е', 'ёѐ'],
  ['и', 'ѝ'],
  ['у', 'ўүұ'],
  ['г', 'ґѓғ'],
  ['к', 'ќқ'],
  ['а', 'ә'],
  ['о', 'ө'],
  ['н', 'ң'],
  ['х', 'һ'],
  // A Latin i is typed in Ukrainian names on keyboards without і.
  ['i', 'і'],
  // Arabic: alef with hamza above, below, with madda, and wasla become alef. Waw with hamza becomes waw.
  ['\u0627', '\u0623\u0625\u0622\u0671'],
  ['\u0648', '\u0624'],
  // Alef maksura, yeh with hamza and Persian yeh become yeh. Persian kaf becomes kaf.
  ['\u064a', '\u0649\u0626\u06cc'],
  ['\u0643', '\u06a9'],
  // Teh marbuta and the forms of heh of other languages become heh.
  ['\u0647', '\u0629\u06be\u06c0\u06c1\u06c2\u06c3\u06d5'],
  // Hebrew: final kaf, mem, nun, pe and tsadi become the letters that are written elsewhere in a word.
  ['\u05db', '\u05da'],
  ['\u05de', '\u05dd'],
  ['\u05e0', '\u05df'],
  ['\u05e4', '\u05e3'],
  ['\u05e6', '\u05e5'],
  // Yiddish double vav, vav yod and double yod become two letters.
  ['\u05d5\u05d5', '\u05f0'],
  ['\u05d5\u05d9', '\u05f1'],
  ['\u05d9\u05d9', '\u05f2'],
];
const LETTER_FOR = new Map(
  SAME_LETTERS.flatMap(([letter, others]) => Array.from(others, (other) => [other, letter])),
);
const withOneLetterFor = (text: string): string =>
  Array.from(text, (letter) => LETTER_FOR.get(letter) ?? letter).join('');

/**
 * What people often leave out: tatweel, hamza on the line and high hamza, Hebrew geresh and gershayim, and the half rings
 * and the saltillo that some write as apostrophes.
 */
const LEFT_OUT = new RegExp('[\u0640\u0621\u0674\u05f3\u05f4\u02bd\u02be\u02bf\ua78c]', 'gu');

/** Vowel marks, points and accents. й and ї are one character each here, so they keep theirs. */
const MARKS =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}+/gu;

/**
 * A letter and the second letters with which it stands for another one: `ae`, `oe` and `ue` for `ä`, `ö`, `ø` and `ü`,
 * `aa` for `å`, `dj` for `đ`. All of these spellings and the plain letter become one.
 */
const PAIR = /a[ae]+|[ou]e+|dj+/gu;
const SOUND = /a[ae]+|[ou]e+|dj+|./gsu;

/** The pair that is written for a letter. Not all letters that become plain ones: nobody writes `oe` for `ó`. */
const PAIRS: Readonly<Record<string, string>> = { ä: 'ae', å: 'aa', ö: 'oe', ø: 'oe', ü: 'ue', đ: 'dj' };
const MARKED_LETTER = new RegExp('[äåöøüđ]', 'gu');

const folded = (text: string): string =>
  withOneLetterFor(foldName(text).replace(LEFT_OUT, '').replace(MARKS, '$1')).normalize('NFKC');

const firstLetter = (letters: string): string => letters.slice(0, 1);

/**
 * A name as it is compared with other names: folded, with all usual spellings of a letter as one. `Müller`, `Mueller` and
 * `Muller` become `muller`. Names that differ only in these letters become one too: `Michael` and `Michal`. Doing it twice
 * changes nothing. Sorting uses `foldName`, which keeps these spellings apart.
 */
export const searchedName = (text: string): string => folded(text).replace(PAIR, firstLetter);

/** Of a text that ends with a pair, this shows that it does. A text of `searchedName` has no pairs, so it is never one. */
const SECOND: Readonly<Record<string, string>> = { a: 'e', o: 'e', u: 'e', d: 'j' };

type Sounds = Readonly<{ before: string; last: string; second: string; isPair: boolean }>;

/** Each beginning of a folded name, one letter or pair longer than the one before. */
const soundsOf = (text: string, most: number): readonly Sounds[] => {
  let before = '';
  return (text.match(SOUND) ?? []).slice(0, most).map((letters) => {
    const isPair = letters.replace(PAIR, '') === '';
    const last = isPair ? firstLetter(letters) : letters;
    const sounds = { before, last, second: SECOND[last] ?? '', isPair };
    before += last;
    return sounds;
  });
};

/**
 * The beginnings by which a word of a name is found, at most `most`, shortest first. One that ends with a pair has both of
 * its letters, so that `zoe` finds Zoë and not Zofia: Müller has `m`, `mue`, `mul`, `mull`, `mulle` and `muller`.
 */
export const storedBeginnings = (word: string, most: number): readonly string[] => {
  const paired = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(MARKED_LETTER, (letter) => PAIRS[letter] ?? letter);
  return soundsOf(folded(paired), most).map(
    ({ before, last, second, isPair }) => before + last + (isPair ? second : ''),
  );
};

/**
 * The beginnings to search for when this was typed of a word; a name is found if it has one of them. After `mu`, the next
 * letter may be the second one of a pair, so `mu` finds names with `mu` and with `mue`. None if nothing is left after
 * folding.
 */
export const askedBeginnings = (typed: string, most: number): readonly string[] => {
  const sounds = soundsOf(folded(typed), most).at(-1);
  if (sounds === undefined) return [];
  const { before, last, second, isPair } = sounds;
  const plain = before + last;
  if (second === '') return [plain];
  return isPair ? [plain + second] : [plain, plain + second];
};
