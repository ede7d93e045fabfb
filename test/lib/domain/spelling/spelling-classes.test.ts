import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { foldName } from '#lib/domain/spelling/folding.ts';
import { nameBeginnings, phraseWords } from '#lib/domain/spelling/search-words.ts';
import { askedBeginnings, searchedName, storedBeginnings } from '#lib/domain/spelling/spelling-classes.ts';

/** Names in two or more spellings of the same person. */
const SPELLINGS: readonly (readonly string[])[] = [
  ['Müller', 'Mueller', 'Muller', 'MÜLLER', 'mu\u0308ller'],
  ['Schröder', 'Schroeder', 'Schroder'],
  ['Jäger', 'Jaeger', 'Jager'],
  ['Søren', 'Soeren', 'Soren', 'Sören'],
  ['Ågård', 'Aagaard', 'Agard', 'Aagård'],
  ['Kjær', 'Kjaer', 'Kjar', 'Kjär'],
  ['Œuvre', 'Oeuvre'],
  ['Weiß', 'Weiss', 'WEIẞ'],
  ['Đorđe', 'Djordje', 'Dorde'],
  ['Kozłowska', 'Kozlowska', 'KOZŁOWSKA'],
  ['Þór', 'Thor'],
  ['İnci Işık', 'Inci Isik'],
  ['O’Connor', "O'Connor", 'OConnor', 'Oʾconnor', 'Oꞌconnor'],
  ['Алёна Королёва', 'Алена Королева', 'АЛЁНА КОРОЛЁВА', 'Але\u0301на Королева'],
  ['Ґалаґан', 'Галаган'],
  ['Мар’яна', "Мар'яна", 'Марʼяна', 'Мар`яна', 'Маряна'],
  ['Іван', 'Iван'],
  ['Ўладзімір', 'Уладзімір'],
  ['Ѓорѓи Ќосев', 'Горги Косев'],
  ['Әсел Құралай', 'Асел Куралай'],
  ['Өтең Һамза', 'Отен Хамза'],
  ['Сѝмо', 'Симо'],
  ['Νίκος', 'Νικος', 'ΝΙΚΟΣ', 'νικοσ', 'Νι\u0301κος'],
  ['Μαΐα Ελένη', 'ΜΑΙΑ ΕΛΕΝΗ'],
  ['أحمد', 'احمد', 'آحمد', 'إحمد', 'ٱحمد', 'أَحْمَد', 'ا\u0654حمد'],
  ['فاطمة', 'فاطمه', 'فـاطـمـة', 'فَاطِمَة'],
  ['ليلى', 'ليلي', 'لیلی'],
  ['علاء', 'علا'],
  ['فؤاد', 'فواد', 'فوٴاد'],
  ['رائد', 'رايد'],
  ['كريم', 'کریم', 'ﻛﺮﻳﻢ'],
  ['שָׁלוֹם', 'שלום', 'שלומ'],
  ['ג׳ורג׳', "ג'ורג'", 'גורג'],
  ['כהן', 'כהנ'],
  ['יוסף', 'יוספ'],
  ['אלימלך', 'אלימלכ'],
  ['פרץ', 'פרצ'],
  ['װײס ױ', 'ווייס וי'],
];

describe('names that are written in several ways', () => {
  it.each(SPELLINGS)('%s, %s are one', (...spellings) => {
    expect([...new Set(spellings.map(searchedName))]).toHaveLength(1);
  });

  it.each([
    ['Йосип', 'Иосип'],
    ['Їжак', 'Іжак'],
    ['Мария', 'Марія'],
    ['Müller', 'Miller'],
    ['Adjani', 'Ajani'],
    ['حسن', 'حسين'],
    ['Олена', 'Елена'],
  ])('%s and %s stay two', (one, other) => {
    expect(searchedName(one)).not.toBe(searchedName(other));
  });

  it.each([
    ['Müller', 'muller'],
    ['Aagaard', 'agard'],
    ['Joel Aoede', 'jol aode'],
    ['Djjo', 'do'],
    ['Djordjevic', 'dordevic'],
    ['Ґалаґан і Ўў', 'галаган i уу'],
    ['Le\u0301a нити\u0301', 'lea нити'],
    ['نيتي नीति が', 'نيتي नीति が'],
    ['\u064b\u0640', '\u064b'],
    ['', ''],
  ])('%j becomes %j', (name, searched) => {
    expect(searchedName(name)).toBe(searched);
  });

  it('are sorted as they are written: the folding for sorting keeps them apart', () => {
    expect(foldName('Mueller')).toBe('mueller');
    expect(foldName('Алёна')).toBe('алёна');
  });
});

const LETTERS = Array.from('aeioudjnsäöüøåæœßđłżAEOÄÖÜÅÆŒ-’ еёиіїйўґгЁαάιϊςσΣابأإآءةىيـשםמןף׳');
const aWrittenName = fc.oneof(
  fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 }),
  fc.constantFrom(...SPELLINGS.flat()),
);

const MOST = 32;
const beginningsOf = (name: string): string[] =>
  Array.from(name, (_, at) =>
    Array.from(name)
      .slice(0, at + 1)
      .join(''),
  );
const isFound = (stored: string, typed: string): boolean => {
  const kept = storedBeginnings(stored, MOST);
  return askedBeginnings(typed, MOST).some((beginning) => kept.includes(beginning));
};

describe('the beginnings of a word that are stored', () => {
  it.each([
    ['Müller', ['m', 'mue', 'mul', 'mull', 'mulle', 'muller']],
    ['Mueller', ['m', 'mue', 'mul', 'mull', 'mulle', 'muller']],
    ['Muller', ['m', 'mu', 'mul', 'mull', 'mulle', 'muller']],
    ['ÅGÅRD', ['ae', 'ag', 'agae', 'agar', 'agard']],
    ['Kjær', ['k', 'kj', 'kjae', 'kjar']],
    ['Søn', ['s', 'soe', 'son']],
    ['So\u0308n', ['s', 'soe', 'son']],
    ['Son', ['s', 'so', 'son']],
    ['Són', ['s', 'so', 'son']],
    ['Đo', ['dj', 'do']],
    ['Zoë', ['z', 'zoe']],
    ['aaeeb', ['ae', 'ab']],
    ['Djjo', ['dj', 'do']],
    ['ёж', ['е', 'еж']],
    ['\u{10428}ue', ['\u{10428}', '\u{10428}ue']],
    ['a\nb', ['a', 'a\n', 'a\nb']],
    ['', []],
  ])('are, of %j, %j', (name, beginnings) => {
    expect(storedBeginnings(name, MOST)).toEqual(beginnings);
  });

  it('are no more than asked for', () => {
    expect(storedBeginnings('Müller', 3)).toEqual(['m', 'mue', 'mul']);
  });

  it('are never more than the letters of the folded name', () => {
    const ligatures = (name: string): number => name.replaceAll(/[^\u05f0-\u05f2]/g, '').length;
    fc.assert(
      fc.property(aWrittenName, (name) => {
        const letters = Array.from(foldName(name)).length + ligatures(name);
        expect(storedBeginnings(name, 1_000).length).toBeLessThanOrEqual(letters);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the beginnings that are asked for', () => {
  it.each([
    ['Mu', ['mu', 'mue']],
    ['Mü', ['mu', 'mue']],
    ['Mue', ['mue']],
    ['Muel', ['mul']],
    ['A', ['a', 'ae']],
    ['Aa', ['ae']],
    ['Ad', ['ad', 'adj']],
    ['Adj', ['adj']],
    ['So', ['so', 'soe']],
    ['Zoe', ['zoe']],
    ['Zof', ['zof']],
    ['', []],
  ])('for %j are %j', (typed, beginnings) => {
    expect(askedBeginnings(typed, MOST)).toEqual(beginnings);
  });

  it('are not longer than asked for', () => {
    expect(askedBeginnings('Müller', 3)).toEqual(['mul']);
    expect(askedBeginnings('Müller', 2)).toEqual(['mu', 'mue']);
  });

  it.each([
    ['Zofia', 'zoe'],
    ['John', 'joe'],
    ['Susan', 'Sue'],
    ['Anna', 'Aa'],
    ['Adam', 'Adj'],
  ])('do not find %s by %s', (stored, typed) => {
    expect(isFound(stored, typed)).toBe(false);
  });
});

describe('a beginning of a name', () => {
  it('finds the name, wherever it ends', () => {
    fc.assert(
      fc.property(aWrittenName, (text) => {
        const name = text.normalize('NFC');
        const typed = beginningsOf(name).filter((beginning) => searchedName(beginning) !== '');
        expect(typed.filter((beginning) => !isFound(name, beginning))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the name in each of its spellings as soon as it is typed as far as one letter after a pair', () => {
    for (const spellings of SPELLINGS) {
      const stored = spellings.map((name) => nameBeginnings(name).flat());
      // Marks that follow their letter are typed with it.
      const typed = spellings.map((name) => name.normalize('NFC')).flatMap(beginningsOf);
      const missed = typed
        .filter((phrase) => !/[aeoæœj]$/iu.test(phrase))
        .filter((phrase) =>
          stored.some((beginnings) =>
            phraseWords(phrase).some(({ names }) => !names.some((name) => beginnings.includes(name))),
          ),
        );
      expect(missed).toEqual([]);
    }
  });

  it.each(['Müller', 'Mueller'])('finds %s at every letter of every spelling', (stored) => {
    const typed = ['Müller', 'Mueller', 'Muller'].flatMap(beginningsOf);
    expect(typed.filter((beginning) => !isFound(stored, beginning))).toEqual([]);
  });
});
