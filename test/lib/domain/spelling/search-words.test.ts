import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  emailBeginnings,
  hasWholeContact,
  isBlankPhrase,
  nameBeginnings,
  phraseWords,
  SEARCHED_CHARACTERS,
} from '#lib/domain/spelling/search-words.ts';
import { aName } from '../samples.ts';

/** The words whose beginnings a name has. */
const nameWords = (name: string) => [...new Set(nameBeginnings(name).map((beginnings) => beginnings.at(-1)))];
/** Each word by the first beginning of a name that it can be. */
const texts = (phrase: string) => phraseWords(phrase).map(({ names: [name = null] }) => name);
const phones = (phrase: string) => phraseWords(phrase).map(({ phone }) => phone?.digits ?? null);
/** Each word: a phone by its digits after a `#`, anything else as a name. */
const read = (phrase: string) =>
  phraseWords(phrase).map(({ names: [name = null], phone }) => (phone === null ? name : `#${phone.digits}`));
const emails = (phrase: string) => phraseWords(phrase).map(({ email }) => email);

describe('the words of a name', () => {
  it.each([
    ['Anna Maria', ['anna', 'maria']],
    ['Müller-Lüdenscheidt', ['muller-ludenscheidt', 'ludenscheidt']],
    ['Nowak‑Kot–Lis', ['nowak-kot-lis', 'kot-lis', 'lis']],
    ["O'Connor", ['oconnor', 'connor']],
    ['O’Connor', ['oconnor', 'connor']],
    ['OʼConnor', ['oconnor', 'connor']],
    ['Мар’яна', ['маряна', 'яна']],
    ['J.Kowalski (mama)', ['j.kowalski', 'kowalski', 'mama']],
    ['नीति', ['नीति']],
    ["Anna - anna '", ['anna', '-']],
    ['Kowalska,Anna; "Ania"', ['kowalska', 'anna', 'ania']],
    ['*Anna*, Jr. «Мар’яна» „Ewa” 🌸Ola', ['*anna', 'anna', 'jr', 'маряна', 'яна', 'ewa', '🌸ola', 'ola']],
    ['Schröder Ågård-Sørensen', ['schroder', 'agard-sorensen', 'sorensen']],
    ["ג'ורג' ג׳ורג׳", ['גורג', 'ורג']],
    ["  ' \t", []],
    ['Ol\u001fa', ['ola']],
    ['\u0000', []],
    ['Anna\u0085Maria\tEwa', ['anna', 'maria', 'ewa']],
    ['', []],
  ])('%j are %j', (name, words) => {
    expect(nameWords(name)).toEqual(words);
  });

  it('are cut to 32 characters, which may be of two units', () => {
    expect(nameWords('b'.repeat(33))).toEqual(['b'.repeat(SEARCHED_CHARACTERS)]);
    expect(nameWords('𐐨'.repeat(33))).toEqual(['𐐨'.repeat(SEARCHED_CHARACTERS)]);
  });

  it('have their beginnings, and those of each part', () => {
    expect(nameBeginnings("Zoë O'Ü")).toEqual([['z', 'zoe'], ['o', 'oue'], ['ue']]);
  });

  it('hold what is typed of any of them', () => {
    fc.assert(
      fc.property(aName(), fc.nat(), (name, cut) => {
        const typed = name
          .trim()
          .split(/[\s-]+/u)
          .map((word) => word.slice(0, 1 + (cut % word.length)));
        const found = nameBeginnings(name).flat();
        for (const { names } of typed.flatMap(phraseWords)) {
          expect(names.some((beginning) => found.includes(beginning))).toBe(true);
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
  it('are split at white space', () => {
    expect(texts(' Anna\u00a0Müller-Lüd  anna.k@example.com ')).toEqual([
      'anna',
      'muller-lud',
      'anna.k@example.com',
    ]);
  });

  it.each(['+48 512-345-678', '(48) 512 345 678', '48 512.345/678', '0048 512 345 678', '４８ 512345678'])(
    '%s are one phone number',
    (phrase) => {
      const isInternational = /^(\+|00)/.test(phrase);
      expect(phraseWords(phrase)).toEqual([
        {
          written: expect.anything(),
          names: [],
          email: null,
          phone: expect.objectContaining({ digits: '48512345678', isInternational }),
        },
      ]);
    },
  );

  it('may each be a phone as well as a name when they have only digits', () => {
    const number = {
      names: ['1990'],
      email: '1990',
      phone: { digits: '1990', dialled: '1990', isInternational: false },
    };
    expect(phraseWords('1990')).toEqual([{ written: '1990', ...number }]);
    expect(phraseWords('(1990).')).toEqual([{ written: '1990', ...number, email: '(1990).' }]);
    expect(phones('anna 512 +48 51-2 5a')).toEqual([null, '512', '48512', null]);
    expect(phones('51 2')).toEqual(['51', '2']);
    expect(texts('51 2')).toEqual(['51', '2']);
    expect(phraseWords(' 512 345 ')).toEqual([
      {
        written: '512 345',
        names: [],
        email: null,
        phone: { digits: '512345', dialled: '512345', isInternational: false },
      },
    ]);
    expect(texts('x512 345')).toEqual(['x512', '345']);
    expect(phraseWords('- 51234 -').map(({ names }) => names)).toEqual([['51234']]);
  });

  it.each<[string, (string | null)[]]>([
    ['Kowalska, Anna', ['kowalska', 'anna']],
    ['Kowalska,Anna', ['kowalska', 'anna']],
    ['"Anna Kowalska"', ['anna', 'kowalska']],
    ['„Anna” «Kowalska» 「王」 ‹x›', ['anna', 'kowalska', '王', 'x']],
    ["'Anna' ‘Kowalska’ `Ewa´", ['anna', 'kowalska', 'ewa']],
    ['Anna Kowalska <anna.k@example.com>', ['anna', 'kowalska', 'anna.k@example.com']],
    ['Anna<mailto:anna.k@example.com>;', ['anna', 'anna.k@example.com']],
    ['(Anna) Kowalska', ['anna', 'kowalska']],
    ['[Anna] {Kowalska} （王）', ['anna', 'kowalska', '王']],
    ['آنا، كوفالسكا؛', ['انا', 'كوفالسكا']],
    ['Anna - Kowalska / & | Ewa', ['anna', 'kowalska', 'ewa']],
    ['Kowalska: Anna! Ewa? …Ola.', ['kowalska', 'anna', 'ewa', 'ola']],
    ['Hotel: Anna', ['hotel', 'anna']],
    ['mailto:anna.k@example.com', ['anna.k@example.com']],
    ['@anna anna@', ['@anna', 'anna@']],
    ['**Anna** ewa@!!', ['anna', 'ewa@']],
    ['-', ['-']],
    ['*+?', ['*+?']],
    ['^a $b', ['^a', '$b']],
  ])('%s: %j, without the signs around them', (phrase, expected) => {
    expect(read(phrase)).toEqual(expected);
  });

  it.each<[string, (string | null)[]]>([
    ['Anna 512 345 678', ['anna', '#512345678']],
    ['512 345 678 Anna', ['#512345678', 'anna']],
    ['Anna 512 345 678, Ewa', ['anna', '#512345678', 'ewa']],
    ['Anna (512 345 678)', ['anna', '#512345678']],
    ['(Anna 512 345 678)', ['anna', '#512345678']],
    ['Anna - 512 - 345 678 - Ewa', ['anna', '#512345678', 'ewa']],
    ['Anna: 512-345-678.', ['anna', '#512345678']],
    ['*512 345!*', ['#512345']],
    ['512 345', ['#512345']],
    ['5 1 2 3', ['#5123']],
    ['5 1 2', ['#5', '#1', '#2']],
    ['Anna(512345)', ['anna', '#512345']],
    ['tel:+48512345678', ['#48512345678']],
    ['Anna, TEL: 512 345', ['anna', '#512345']],
    ['+44 (0)7400 123456', ['#447400123456']],
    ['+44(0)7400123456', ['#447400123456']],
    ['0044 ( 0 ) 7400 123456', ['#447400123456']],
    ['（＋４４）（０）7400', ['#447400']],
    ['+٤٤ (٠) ٧٤٠٠ ١٢٣٤٥٦', ['#447400123456']],
    ['(07400) 123(0)', ['#074001230']],
    ['(0) 7400 123456', ['#07400123456']],
    ['+48 512 345 678 +44 7400 123456', ['#48512345678', '#447400123456']],
    ['512 345 678; 600 700 800', ['#512345678', '#600700800']],
    ['512−345–678', ['#512345678']],
    ['\u202a+48 512\u2011345\u202c', ['#48512345']],
    ['512 345a', ['#512', '345a']],
    ['anna.1990 1990@b anna-512', ['anna.1990', '1990@b', 'anna-512']],
    ['512_345', ['512_345']],
    ['Anna/tel:512345', ['anna', '#512345']],
    ['+44–(0)7400 123456', ['#447400123456']],
    ['dP5123 5123', ['dp5123', '#5123']],
    ['Anna ( +48 512', ['anna', '#48512']],
  ])('%s: %j, phones anywhere', (phrase, expected) => {
    expect(read(phrase)).toEqual(expected);
  });

  it('say whether a phone begins with a country code', () => {
    const international = (phrase: string) => phraseWords(phrase).map(({ phone }) => phone?.isInternational);
    expect(international('Anna (+48) 512')).toEqual([undefined, true]);
    expect(international('512 345 + 48 512')).toEqual([false, true]);
    expect(international('tel:0048 512')).toEqual([true]);
  });

  it('keep an email exact, also with the signs that may begin it', () => {
    expect(emails('Mueller <mueller.joerg@example.com>, {ann')).toEqual([
      'mueller',
      'mueller.joerg@example.com',
      '{ann',
    ]);
    const written = (phrase: string) => phraseWords(phrase).map((word) => word.written);
    expect(written('{anna@example.com "anna@example.com". anna@example.com?')).toEqual([
      '{anna@example.com',
      'anna@example.com',
      'anna@example.com',
    ]);
    expect(texts('!')).toEqual(['!']);
    expect(phraseWords('{ann')[0]?.names).toEqual(['ann']);
  });

  it('hold a whole email or phone wherever it is', () => {
    const contacts = ['Anna <anna.k@example.com>', 'anna 512 34 56', 'tel:+485123456', '(anna@example.com)'];
    expect(contacts.map(hasWholeContact)).toEqual([true, true, true, true]);
    expect(['anna.k@', 'anna 512 345', 'Anna', '+48 5123', ''].map(hasWholeContact)).toEqual([
      ...[false, false, false, false, false],
    ]);
  });

  it('have no control characters', () => {
    expect(texts('O\u0000la\u0085\u001fEwa')).toEqual(['ola', 'ewa']);
    expect(phraseWords('512\u0000 345\u001f').map(({ written }) => written)).toEqual(['512 345']);
    expect(isBlankPhrase('\u0000 \u0007')).toBe(true);
  });

  it('keep what was typed, for what must match as a whole', () => {
    expect(phraseWords("Zoë@O'Connor.ie")).toEqual([
      { written: "Zoë@O'Connor.ie", names: ['zo@oconnor.ie'], email: 'zoe@oconnor.ie', phone: null },
    ]);
  });

  it('are none where nothing is asked for', () => {
    const phrases = ['', ' ', "'", ' ’ ´', '"', ', ()', 'tel:'];
    expect(phrases.flatMap(phraseWords)).toEqual([]);
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
    for (const unit of [
      'a',
      'a ',
      'a-',
      "'",
      '1 ',
      '1',
      '+',
      '+ ',
      '+1 ',
      '(',
      '.',
      '\u0301',
      '1a',
      'ae',
      'tel:',
    ]) {
      const phrase = unit.repeat(100_000 / unit.length);
      expect(phraseWords(phrase).length).toBeLessThanOrEqual(50_000);
      expect(nameBeginnings(phrase).length).toBeLessThanOrEqual(50_000);
    }
  });
});
