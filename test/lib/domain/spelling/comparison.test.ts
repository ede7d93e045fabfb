import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { dialledDigits, emailParts, isOneSlip, wordsOfName } from '#lib/domain/spelling/comparison.ts';

describe('an email taken apart', () => {
  it.each([
    ['Anna.Nowak+shop@GMAIL.com', { mailbox: 'annanowak', local: 'annanowak', domain: 'gmail.com' }],
    ['anna.nowak@googlemail.com', { mailbox: 'annanowak', local: 'annanowak', domain: 'gmail.com' }],
    ['anna.nowak+a+b@outlook.com', { mailbox: 'annanowak', local: 'anna.nowak', domain: 'outlook.com' }],
    ['anna.nowak+a@wp.pl', { mailbox: 'annanowak', local: 'anna.nowak+a', domain: 'wp.pl' }],
    ['+48@gmail.com', { mailbox: '+48', local: '+48', domain: 'gmail.com' }],
    ...[
      ...['hotmail.com', 'live.com', 'icloud.com', 'me.com'],
      ...['proton.me', 'protonmail.com', 'fastmail.com'],
    ].map((domain) => [`a.b+c@${domain}`, { mailbox: 'ab', local: 'a.b', domain }] as const),
    ['anna@BÜCHER.example', { mailbox: 'anna', local: 'anna', domain: 'xn--bcher-kva.example' }],
  ])('%s', (email, parts) => {
    expect(emailParts(email)).toEqual(parts);
  });
});

describe('the digits of a phone', () => {
  it.each([
    ['0048 512 345 678', '48512345678'],
    ['+48 512-345-678', '48512345678'],
    ['07911 123456', '7911123456'],
    ['48 500 100 200', '48500100200'],
  ])('%s are %s', (phone, digits) => {
    expect(dialledDigits(phone)).toBe(digits);
  });
});

describe('the words of a name', () => {
  it.each([
    [
      ['Łucja', 'Müller-Lüdenscheidt'],
      ['lucja', 'muller', 'ludenscheidt'],
    ],
    [
      ['Łucja  MULLER', 'Ludenscheidt'],
      ['lucja', 'muller', 'ludenscheidt'],
    ],
    [
      ['Siobhán', 'O’Connor'],
      ['siobhan', 'oconnor'],
    ],
    [
      [null, 'St. John'],
      ['st', 'john'],
    ],
    [[null, null], []],
  ])('%j are %j', (names, words) => {
    expect(wordsOfName(...names)).toEqual(words);
  });
});

describe('one slip', () => {
  it.each([
    ['nowak', 'nowakk'],
    ['nowak', 'owak'],
    ['nowak', 'nowek'],
    ['nowak', 'nwoak'],
    ['nowak', 'nowka'],
    ['', 'a'],
    ['😀a', '😁a'],
  ])('makes %s of %s', (one, other) => {
    expect([isOneSlip(one, other), isOneSlip(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['nowak', 'nowak'],
    ['', ''],
    ['nowak', 'nowakow'],
    ['nowak', 'nawok'],
    ['nowak', 'onwka'],
    ['nowak', 'wanok'],
    ['ab', 'ca'],
    ['nowak', 'knowa'],
  ])('does not make %s of %s', (one, other) => {
    expect([isOneSlip(one, other), isOneSlip(other, one)]).toEqual([false, false]);
  });

  it('is what one edit of the four kinds leads to, and nothing else', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        expect(isOneSlip(one, other)).toBe(one !== other && editsOf(one, ['a', 'b', 'c']).has(other));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Every text that one edit makes of another. */
const editsOf = (text: string, alphabet: readonly string[]): ReadonlySet<string> => {
  const places = Array.from(
    { length: text.length + 1 },
    (_, at) => [text.slice(0, at), text.slice(at)] as const,
  );
  return new Set(
    places.flatMap(([before, after]) => [
      ...alphabet.map((letter) => before + letter + after),
      ...(after === '' ? [] : [before + after.slice(1)]),
      ...(after === '' ? [] : alphabet.map((letter) => before + letter + after.slice(1))),
      ...(after.length < 2 ? [] : [before + after[1]! + after[0]! + after.slice(2)]),
    ]),
  );
};
