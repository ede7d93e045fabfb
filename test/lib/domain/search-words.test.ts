import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  emailBeginnings,
  isBlankPhrase,
  nameWords,
  phraseWords,
  SEARCHED_CHARACTERS,
} from '#lib/domain/search-words.ts';
import { aName } from './samples.ts';

const texts = (phrase: string) => phraseWords(phrase).map(({ text }) => text);
const digits = (phrase: string) => phraseWords(phrase).map((word) => word.digits);

describe('the words of a name', () => {
  it.each([
    ['Anna Maria', ['anna', 'maria']],
    ['Müller-Lüdenscheidt', ['muller-ludenscheidt', 'ludenscheidt']],
    ['Nowak‑Kot–Lis', ['nowak-kot-lis', 'kot-lis', 'lis']],
    ["O'Connor", ['oconnor', 'connor']],
    ['O’Connor', ['oconnor', 'connor']],
    ['OʼConnor', ['oconnor', 'connor']],
    ['Мар’яна', ['маряна', 'яна']],
    ['J.Kowalski (mama)', ['j.kowalski', 'kowalski', '(mama)', 'mama)']],
    ['नीति', ['नीति']],
    ["Anna - anna '", ['anna', '-']],
    ["  ' \t", []],
    ['', []],
  ])('%j are %j', (name, words) => {
    expect(nameWords(name)).toEqual(words);
  });

  it('are cut to 32 characters, which may be of two units', () => {
    expect(nameWords('a'.repeat(33))).toEqual(['a'.repeat(SEARCHED_CHARACTERS)]);
    expect(nameWords('𐐨'.repeat(33))).toEqual(['𐐨'.repeat(SEARCHED_CHARACTERS)]);
  });

  it('hold something that begins with what is typed of any of them', () => {
    fc.assert(
      fc.property(aName(), fc.nat(), (name, cut) => {
        const typed = name
          .trim()
          .split(/[\s-]+/u)
          .map((word) => word.slice(0, 1 + (cut % word.length)));
        const found = nameWords(name);
        for (const text of typed.flatMap(texts)) {
          expect(found.some((word) => word.startsWith(text ?? '-'))).toBe(true);
        }
      }),
    );
  });
});

describe('the beginnings of an email', () => {
  const lengthsOf = (email: string) => emailBeginnings(email).map((text) => Array.from(text).length);
  const UP_TO_TWELVE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

  it('are each of the first twelve characters, which may be of two units, then 16, 24 and 32', () => {
    for (const letter of ['a', '𐐨']) {
      expect(lengthsOf(letter.repeat(40))).toEqual([...UP_TO_TWELVE, 16, 24, 32]);
      expect(lengthsOf(letter.repeat(31))).toEqual([...UP_TO_TWELVE, 16, 24]);
      expect(lengthsOf(letter.repeat(15))).toEqual(UP_TO_TWELVE);
    }
    expect(emailBeginnings('')).toEqual([]);
  });

  it('are what it begins with', () => {
    expect(emailBeginnings('𐐨b@')).toEqual(['𐐨', '𐐨b', '𐐨b@']);
  });
});

describe('the words of a phrase', () => {
  it('are split at white space only', () => {
    expect(texts(' Anna\u00a0Müller-Lüd  anna.k@example.com ')).toEqual([
      'anna',
      'muller-lud',
      'anna.k@example.com',
    ]);
  });

  it.each(['+48 512-345-678', '(48) 512 345 678', '48 512.345/678', '0048 512 345 678', '４８ 512345678'])(
    '%s are one phone number',
    (phrase) => {
      const [word, ...more] = phraseWords(phrase);
      expect(more).toEqual([]);
      expect(word?.text).toBeNull();
      expect(word?.digits).toMatch(/^(00)?48512345678$/);
    },
  );

  it('may each stand for a phone as well as a name when they hold only digits', () => {
    expect(phraseWords('1990')).toEqual([{ written: '1990', text: '1990', digits: '1990' }]);
    expect(digits('anna 512 +48 51-2 5a')).toEqual([null, '512', '48', '512', null]);
    expect(digits('51 2')).toEqual(['51', '2']);
    expect(phraseWords(' 512 345 ')).toEqual([{ written: '512 345', text: null, digits: '512345' }]);
    expect(phraseWords('x512 345').map(({ text }) => text)).toEqual(['x512', '345']);
  });

  it('keep what was typed, for what must match as a whole', () => {
    expect(phraseWords("Zoë@O'Connor.ie")).toEqual([
      { written: "Zoë@O'Connor.ie", text: 'zoe@oconnor.ie', digits: null },
    ]);
  });

  it('are none where nothing is asked for', () => {
    expect(['', ' ', "'", ' ’ ´'].map((phrase) => phraseWords(phrase).length)).toEqual([0, 0, 0, 0]);
  });

  it('make it a blank one when they are none', () => {
    expect(['', ' ', "'", ' ’ ´', ' a', '1'].map(isBlankPhrase)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('are found for 100 KB of anything', () => {
    for (const unit of ['a', 'a ', 'a-', "'", '1 ', '1', '+', '\u0301', '1a']) {
      const phrase = unit.repeat(100_000 / unit.length);
      expect(phraseWords(phrase).length).toBeLessThanOrEqual(50_000);
      expect(nameWords(phrase).length).toBeLessThanOrEqual(50_000);
    }
  });
});
