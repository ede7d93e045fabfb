import { analyse } from 'chardet';
import { isLikelyWord } from './likely-spelling.ts';

/** Letters on the same places in both Latin code pages. Any file may have them in a name from another country. */
const BOTH_LATIN = 'áâäçéëíîóôöúüýßšž';

/** The code pages that are detected, and the names that chardet has for them or for their ISO relatives. */
const CODE_PAGES = [
  {
    encoding: 'windows-1250',
    names: ['windows-1250', 'ISO-8859-2'],
    // Polish, Czech, Slovak, Hungarian, Romanian, Croatian and Slovenian.
    alphabets: ['ąćęłńśźż', 'čďěňřšťůž', 'čďĺľňŕšťž', 'őű', 'ăşţ', 'čćđšž'],
    shared: BOTH_LATIN,
  },
  {
    encoding: 'windows-1251',
    names: ['windows-1251'],
    // Ukrainian, Russian with Bulgarian, and Belarusian.
    alphabets: [
      'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
      'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
      'абвгдеёжзійклмнопрстуўфхцчшыьэюя',
    ],
    shared: '',
  },
  {
    encoding: 'windows-1252',
    names: ['windows-1252', 'ISO-8859-1'],
    // German with Danish, Norwegian and Swedish; French; Spanish; Portuguese.
    alphabets: ['æøå', 'àæèêïœùûÿ', 'ñªº', 'ãõàêªº'],
    shared: BOTH_LATIN,
  },
] as const;

/** A code page that the bytes of a file may be written in. */
export type CodePage = (typeof CODE_PAGES)[number]['encoding'];

/** The share of words that one alphabet must explain, for a code page to be considered. */
const MOST_WORDS = 0.8;
/** Another code page may explain so much of that share, no more, for the first one to be certain. */
const FEWER = 0.6;
/** Otherwise chardet must be so far ahead with one of them, in points of its confidence (0 to 100). */
const LEAD = 10;
/** Fewer words with fewer letters beyond ASCII tell nothing. */
const ENOUGH_WORDS = 2;
const ENOUGH_LETTERS = 6;
/** Of at least so many words, one share must be likely in one code page, and no more than another share in the others. */
const ENOUGH_LIKELY = 3;
const MOST_LIKELY = 0.8;
const FEWEST_LIKELY = 0.2;
/** With fewer words, chardet guesses: it counts groups of three letters. */
const FEWEST_WORDS = 5;

/** Characters that every language uses: they stand on the same places in all three code pages. */
const COMMON = '–—‘’‚“”„…•«»§°№€™®©\u00a0\u00ad';
const BETWEEN_WORDS = /[\s,;|@.:()/"_-]+/u;
const isForeign = (word: string): boolean => /\P{ASCII}/u.test(word);

/** Signs of another encoding: within one word, letters of two scripts, or small letters before capital ones. */
const SIGNS_OF_ANOTHER = [
  /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}/u,
  /(?!\p{ASCII})\p{Ll}(?!\p{ASCII})\p{Lu}/u,
];

/** Which share of the words the best of the alphabets explains. */
const shareOf = (words: readonly string[], alphabets: readonly string[], shared: string): number =>
  Math.max(
    ...alphabets.map((alphabet) => {
      const small = alphabet + shared;
      const letters = new Set(Array.from(small + small.toUpperCase() + COMMON));
      const explained = words.filter(
        (word) =>
          !SIGNS_OF_ANOTHER.some((sign) => sign.test(word)) &&
          Array.from(word).every((character) => character < '\u0080' || letters.has(character)),
      );
      return explained.length / Math.max(1, words.length);
    }),
  );

const confidenceIn = (guesses: ReturnType<typeof analyse>, names: readonly string[]): number =>
  Math.max(0, ...guesses.filter(({ name }) => names.includes(name)).map(({ confidence }) => confidence));

const decoded = (word: string, encoding: CodePage): string =>
  new TextDecoder(encoding).decode(Buffer.from(word, 'latin1'));

/** The different words of a sample that are not ASCII, each byte as one character. A space is a space in each code page. */
const tellingWords = (sample: Buffer): readonly string[] => {
  // With a digit, it may be a measure: m³ would be mł in another code page.
  const all = sample.toString('latin1').split(BETWEEN_WORDS);
  // With a digit, it may be a measure: m³ would be mł in another code page.
  const words = [...new Set(all)].filter((word) => isForeign(word) && !/\d/.test(word));
  // Words as Müller are the same in both: they would only hide what the others tell.
  const telling = words.filter((word) => decoded(word, 'windows-1250') !== decoded(word, 'windows-1252'));
  return telling.length > 0 ? telling : words;
};

type Candidate = Readonly<{
  encoding: CodePage;
  texts: readonly string[];
  share: number;
  confidence: number;
}>;

/** The candidate whose words are likely to be spelled like this, while those of the others are not. */
const likelyAmong = (candidates: readonly Candidate[]): Candidate | undefined => {
  const isLatin = candidates.every(({ encoding }) => encoding !== 'windows-1251');
  if (!isLatin || candidates.every(({ texts }) => texts.length < ENOUGH_LIKELY)) return undefined;
  const likely = candidates.map((candidate) => {
    const words = candidate.texts.filter((word) => isLikelyWord(word, BOTH_LATIN));
    return { candidate, share: words.length / candidate.texts.length };
  });
  const [first, second] = likely.toSorted((one, other) => other.share - one.share);
  return first !== undefined && first.share >= MOST_LIKELY && (second?.share ?? 0) <= FEWEST_LIKELY
    ? first.candidate
    : undefined;
};

/** The candidate that the statistics of chardet clearly favour. */
const favouredAmong = (candidates: readonly Candidate[]): Candidate | undefined => {
  const [first, second] = candidates.toSorted((one, other) => other.confidence - one.confidence);
  return first !== undefined && first.confidence >= (second?.confidence ?? 0) + LEAD ? first : undefined;
};

const hasEnough = (words: readonly string[]): boolean =>
  words.length >= ENOUGH_WORDS || words.join('').replaceAll(/\p{ASCII}/gu, '').length >= ENOUGH_LETTERS;

/** The only code page that makes sense of a sample; null when none does, or several do. */
export const codePageOf = (sample: Buffer): CodePage | null => {
  const words = tellingWords(sample);
  const guesses = words.length < FEWEST_WORDS ? [] : analyse(Buffer.from(words.join(' '), 'latin1'));
  const candidates = CODE_PAGES.map(({ encoding, names, alphabets, shared }): Candidate => {
    const texts = words.map((word) => decoded(word, encoding));
    const share = shareOf(texts, alphabets, shared);
    return { encoding, texts, share, confidence: confidenceIn(guesses, names) };
  }).sort((one, other) => other.share - one.share || other.confidence - one.confidence);
  const [best, next] = candidates;
  if (best === undefined || next === undefined || best.share < MOST_WORDS) return null;
  if (next.texts.join(' ') === best.texts.join(' ')) return best.encoding;
  if (!hasEnough(words)) return null;
  if (next.share <= best.share * FEWER) return best.encoding;
  const rivals = candidates.filter(({ share }) => share > best.share * FEWER);
  return (likelyAmong(rivals) ?? favouredAmong(rivals))?.encoding ?? null;
};
