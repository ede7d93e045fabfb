import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { type Comparable, likenessOf } from '#lib/domain/duplicates/likeness.ts';
import { matchTexts } from '#lib/domain/duplicates/match-texts.ts';
import { aSlip, slipIn, somebody } from './twins.ts';

const NOBODY: Comparable = { firstName: null, lastName: null, email: null, phone: null };
const textsOf = (customer: Partial<Comparable>) =>
  matchTexts({ ...NOBODY, ...customer }).map(({ text }) => text);
const meet = (one: Partial<Comparable>, other: Partial<Comparable>): boolean =>
  textsOf(one).some((text) => textsOf(other).includes(text));

describe('a customer is found by', () => {
  it('the words of the name, its consonants and those but one, the mailbox and the end of the phone', () => {
    const anna = { firstName: 'Anna', lastName: 'Nowak', email: 'An.na+x@wp.pl', phone: '48512345678' };
    expect(matchTexts(anna)).toEqual([
      { kind: 'name', text: 'name anna nowak', most: 20 },
      ...['nn nwk', 'n nwk', 'nn wk', 'nk nn', 'nn nw'].map((text) => ({
        kind: 'name',
        text: `slip ${text}`,
        most: 5,
      })),
      { kind: 'email', text: 'email anna@w', most: 20 },
      { kind: 'phone', text: 'phone 12345678', most: 20 },
    ]);
  });

  it.each<[string, Partial<Comparable>]>([
    ['nothing', {}],
    ['a first name alone', { firstName: 'Anna' }],
  ])('nothing, with %s', (_what, customer) => {
    expect(matchTexts({ ...NOBODY, ...customer })).toStrictEqual([]);
  });

  it('its name alone, when that is all vowels', () => {
    expect(textsOf({ firstName: 'Io', lastName: 'Ea' })).toEqual(['name ea io']);
  });

  it('at most 16 texts, however long the name is', () => {
    const long = 'Brzęczyszczykiewicz '.repeat(2).trim();
    const everything = { firstName: long, lastName: long, email: 'a@b.example', phone: '48512345678' };
    expect(textsOf(everything)).toHaveLength(16);
  });
});

describe('two spellings meet', () => {
  it.each<[string, Partial<Comparable>, Partial<Comparable>]>([
    ['a national phone', { phone: '512345678' }, { phone: '48512345678' }],
    ['an email with a tag', { email: 'anna+shop@wp.pl' }, { email: 'anna@wp.pl' }],
    ['a slip in a domain', { email: 'anna@gmial.com' }, { email: 'anna@gmail.com' }],
    [
      'Cyrillic, a letter',
      { firstName: 'Олена', lastName: 'Шевченко' },
      { firstName: 'Олена', lastName: 'Шевчемко' },
    ],
    ['two letters for one', { firstName: 'Jürgen', lastName: 'Müller' }, { firstName: 'Juergen Mueller' }],
    ['dj for đ', { firstName: 'Đorđe', lastName: 'Ilić' }, { firstName: 'Djordje', lastName: 'Ilic' }],
    ['e for ё', { firstName: 'Алёна', lastName: 'Сёмина' }, { firstName: 'Семина', lastName: 'Алена' }],
    ['Arabic forms', { firstName: 'أمل', lastName: 'ليلى' }, { firstName: 'امل', lastName: 'ليلي' }],
    ['a letter left out', { firstName: 'Jan', lastName: 'Adkjar' }, { firstName: 'Jan', lastName: 'Adjar' }],
    ['names swapped', { firstName: 'Anna', lastName: 'Nowak' }, { firstName: 'NOWAK', lastName: 'Anna' }],
  ])('%s', (_what, one, other) => {
    expect(meet(one, other)).toBe(true);
  });

  it('of whoever is one slip in a name apart', () => {
    const consonants = (name: string) => name.replaceAll(/[aeiouyąęó]/gi, '').length;
    fc.assert(
      fc.property(somebody, aSlip, fc.boolean(), ({ firstName, lastName }, slip, isFirst) => {
        fc.pre(consonants(firstName + lastName) < 12);
        const one = { ...NOBODY, firstName, lastName };
        const other = isFirst
          ? { ...one, firstName: slipIn(firstName, slip) }
          : { ...one, lastName: slipIn(lastName, slip) };
        expect(meet(one, other)).toBe(true);
        // Two equal letters swapped, or one replaced by itself, are no slip.
        expect(['same-name', 'similar-name']).toContain(likenessOf(one, other).reasons[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('of whoever has the same in other spellings', () => {
    fc.assert(
      fc.property(somebody, ({ firstName, lastName, email, phone }) => {
        expect(meet({ email }, { email: email.toUpperCase() })).toBe(true);
        expect(meet({ phone }, { phone: phone.slice(2) })).toBe(true);
        expect(
          meet({ firstName, lastName }, { firstName: lastName.toUpperCase(), lastName: firstName }),
        ).toBe(true);
      }),
    );
  });
});
