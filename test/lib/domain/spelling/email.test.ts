import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { isEmail } from '#lib/domain/spelling/email.ts';

const long = (characters: number): string => 'a'.repeat(characters);

describe('an email', () => {
  it.each([
    'anna@example.com',
    'Anna.Kowalska+news@sub.example.co.uk',
    "o'connor@example.ie",
    '!#$%&*+/=?^_`{|}~-@example.com',
    '1@2.pl',
    'anna@example.madeuptoplevel',
    'anna@bücher.example',
    'anna@xn--bcher-kva.example',
    'anna@example.xn--p1ai',
    'иван@почта.рф',
    'anna@उदाहरण.भारत',
    `${long(64)}@example.com`,
    `anna@${long(63)}.com`,
  ])('is %s', (text) => {
    expect(isEmail(text)).toBe(true);
  });

  it.each([
    '',
    '@',
    'Anna.com',
    '48512345678',
    'anna@example',
    'anna@localhost',
    'anna@example.c',
    'anna@example.123',
    'anna@example.c0m',
    'anna@example.1com',
    'anna@example.com1',
    'anna@10.0.0.1',
    'anna@[10.0.0.1]',
    'anna@@example.com',
    'anna@b@example.com',
    'anna@example.com@example.com',
    '.anna@example.com',
    'anna.@example.com',
    'an..na@example.com',
    'an na@example.com',
    'anna@example.com ',
    'anna@example.com\n',
    'anna@example.com.',
    'anna@.example.com',
    'anna@example..com',
    'anna@-example.com',
    'anna@example-.com',
    'anna@exa_mple.com',
    'anna@exa%6dple.com',
    'anna@example.com:80',
    'anna@example.com/path',
    'anna@exa\u00admple.com',
    'anna@xn--\u0300.example',
    'anna@example.xn--',
    '"anna"@example.com',
    'anna(comment)@example.com',
    'Anna <anna@example.com>',
    'anna\0@example.com',
    'anna\u200b@example.com',
    `${long(65)}@example.com`,
    `anna@${long(64)}.com`,
    `anna@${'ü'.repeat(63)}.com`,
    `anna@${`${long(60)}.`.repeat(4)}example.com`,
  ])('is not %j', (text) => {
    expect(isEmail(text)).toBe(false);
  });

  it('is of at most 254 characters', () => {
    const domain = `${long(61)}.${long(61)}.${long(61)}`;
    const local = long(254 - domain.length - '@.abcde'.length);
    expect(isEmail(`${local}@${domain}.abcde`)).toBe(true);
    expect(isEmail(`${local}@${domain}.abcdef`)).toBe(false);
  });

  it('has exactly one @ with something on both sides, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (isEmail(text)) expect(text).toMatch(/^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$/u);
      }),
    );
  });

  it('is every ordinary address', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        expect(isEmail(text)).toBe(true);
      }),
    );
  });

  it.each(['a', '.', 'a.', '@', '-', 'a@', 'xn--', '\u0300', 'é'])('is decided for 100 KB of %j', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    expect([text, `a@${text}`, `${text}@a.bc`, `a@${text}.bc`].map(isEmail)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
