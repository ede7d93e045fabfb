import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { foldEmail, foldName, foldText } from '#lib/domain/spelling/folding.ts';
import { searchedName } from '#lib/domain/spelling/spelling-classes.ts';
import { aName } from '../samples.ts';

/** Nothing folds them. */
const STAYS = /[\p{Cn}\p{Co}\p{Cs}\p{Unified_Ideograph}]/u;
/** Every other character there is, alone and where it could meet a neighbour. */
const everyCharacter = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).filter(
  (character) => !STAYS.test(character),
);

describe.each([
  ['text', foldText],
  ['an email', foldEmail],
  ['a name', foldName],
  ['a name with its spellings as one', searchedName],
])('folding %s', (_, fold) => {
  it('changes nothing the second time, for every character', () => {
    const changing = everyCharacter.filter((character) => {
      const folded = fold(`a${character}\u0301`);
      return fold(folded) !== folded;
    });
    expect(changing).toEqual([]);
  });

  it('changes nothing the second time, for any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      aName(),
      fc.constant('İ'),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

describe('folding an email', () => {
  it.each([
    ['ANNA@EXAMPLE.COM', 'anna@example.com'],
    ['ａｎｎａ@ｅｘａｍｐｌｅ.ｃｏｍ', 'anna@example.com'],
    ['anna@Bücher.example', 'anna@xn--bcher-kva.example'],
    ['anna@XN--BCHER-KVA.example', 'anna@bücher.example'],
    ['ŁUKASZ@example.com', 'łukasz@example.com'],
    ['Zoe\u0308@example.com', 'Zoë@example.com'],
    ['ΟΔΥΣΣΕΥΣ@example.gr', 'οδυσσευς@example.gr'],
    ['ΟΔΥΣ@example.gr', 'οδυσ@example.gr'],
    ['\u200banna@example.com\u00a0', 'anna@example.com'],
    ['an\u0000na@example.com\u001f', 'anna@example.com'],
  ])('makes %s and %s one', (one, other) => {
    expect(foldEmail(one)).toBe(foldEmail(other));
  });

  it.each([
    ['zoe@example.com', 'zoë@example.com'],
    ['anna@example.com', 'anna@example.org'],
    ['anna@bucher.example', 'anna@bücher.example'],
    ['a.nna@example.com', 'anna@example.com'],
  ])('keeps %s and %s two', (one, other) => {
    expect(foldEmail(one)).not.toBe(foldEmail(other));
  });

  it('makes every letter case one', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(foldEmail(email.toUpperCase())).toBe(foldEmail(email.toLowerCase()));
      }),
    );
  });
});

describe('folding a name', () => {
  it.each([
    ['Zoë', 'zoe'],
    ['ŁUKASZ', 'lukasz'],
    ['Søren', 'soren'],
    ['Đorđe', 'dorde'],
    ['Weiß', 'weiss'],
    ['GROẞ', 'gross'],
    ['Æsir Œuvre', 'aesir oeuvre'],
    ['Þór', 'thor'],
    ['İnci Işık', 'inci isik'],
    ['Ｊａｎ', 'jan'],
    ['O’Connor', 'oconnor'],
    ['OʼConnor', 'oconnor'],
    ['O´Connor', 'oconnor'],
    ['Nowak–Kot', 'nowak-kot'],
    ['ΟΔΥΣΣΕΎΣ', 'οδυσσευσ'],
    ['ЙОСИП', 'йосип'],
    ['Артём', 'артём'],
    ['Їжак', 'їжак'],
    ['が', 'が'],
    ['नीति', 'नीति'],
    ['지은', '지은'],
    ['Jan\u200bek', 'janek'],
    ['Ol\u001fa', 'ola'],
    ['Ew\u0000a', 'ewa'],
    ['Te\u0007st', 'test'],
    ['\u007fJ\u0085a\tn\u009f', 'j\u0085a\tn'],
    ['łøđðßæœıþŋħŧ', 'loddssaeoeithnht'],
    ['ĸəƒɓɗƙƴɛɔς', 'kefbdkyeoσ'],
  ])('makes %s %s', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it('makes composed and decomposed spelling one', () => {
    fc.assert(
      fc.property(aName(), (name) => {
        expect(foldName(name.normalize('NFD'))).toBe(foldName(name.normalize('NFC')));
      }),
    );
  });

  it('keeps letters of other scripts that are told apart by their marks', () => {
    expect(foldName('Иосип')).not.toBe(foldName('Йосип'));
  });
});
