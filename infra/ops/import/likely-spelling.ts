const VOWELS = /^[aeiouyæøœ]/u;
const isVowel = (letter: string): boolean => VOWELS.test(letter.normalize('NFD'));

type Neighbours = Readonly<{ before: string; after: string }>;

/** Where a vowel that only one code page has may stand: beside consonants. `øe` and `åe` are in Scandinavian names. */
const isLikelyVowel = (vowel: string, { before, after }: Neighbours): boolean => {
  // Two dots say that a vowel is spoken apart from the one before it.
  if (/[ëïÿ]/u.test(vowel)) return true;
  if (/[ąę]/u.test(vowel)) return !isVowel(after) && (!isVowel(before) || before === 'i');
  // y is a vowel or a consonant.
  return (!isVowel(before) || before === 'y') && (!isVowel(after) || after === 'e' || after === 'y');
};

/** Where a consonant may stand: beside a vowel. Polish writes no ń, ś or ź before one, and Spanish ñ only there. */
const isLikelyConsonant = (consonant: string, { before, after }: Neighbours): boolean => {
  if (consonant === 'ñ') return isVowel(after);
  if (before === '' && consonant === 'ć') return true;
  if (before === '' && /[śź]/u.test(consonant)) return !isVowel(after);
  if (/[ńśź]/u.test(consonant)) return !isVowel(after);
  // ď before a consonant is most often the ï of Anaïs.
  if (consonant === 'ď') return after === '' || isVowel(after);
  return isVowel(before) || isVowel(after);
};

/**
 * Whether the letters of a word follow each other as in a European language with Latin letters. In the wrong code page, vowels
 * become consonants or consonants vowels: `Sřren` for Søren, `Dvoøák` for Dvořák.
 * @param known letters that tell nothing
 */
export const isLikelyWord = (word: string, known: string): boolean => {
  const letters = Array.from(word.toLowerCase());
  return letters.every((letter, at) => {
    if (letter < '\u0080' || known.includes(letter)) return true;
    const neighbours = { before: letters[at - 1] ?? '', after: letters[at + 1] ?? '' };
    return isVowel(letter) ? isLikelyVowel(letter, neighbours) : isLikelyConsonant(letter, neighbours);
  });
};
