import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { digitsOf, phoneDigits, phoneTextOf, withoutPhoneSigns } from '#lib/domain/spelling/phone-digits.ts';

describe('the digits of a phone', () => {
  it('are the same for every formatting', () => {
    const formats = ['+48 512-345-678', '0048512345678', '48/512.345.678', '(48) 512 345 678'];
    expect(new Set(formats.map(phoneDigits))).toEqual(new Set(['48512345678']));
  });

  it('are their own digits', () => {
    expect(phoneDigits('000048 1')).toBe('481');
    expect(phoneDigits('48100')).toBe('48100');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0012345+- ٠٩０😀')) }), (text) => {
        const digits = phoneDigits(text);
        expect(digits).toMatch(/^\d*$/);
        expect(phoneDigits(digits)).toBe(digits);
      }),
    );
  });
});

describe('a phone as typed', () => {
  it.each([
    ['+48 512', { digits: '48512', dialled: null, isInternational: true }],
    [' (+48) 512', { digits: '48512', dialled: null, isInternational: true }],
    ['＋48 512', { digits: '48512', dialled: null, isInternational: true }],
    ['+0048 512', { digits: '48512', dialled: null, isInternational: true }],
    ['0048 512', { digits: '48512', dialled: '0048512', isInternational: true }],
    ['٠٠٤٨ ٥١٢', { digits: '48512', dialled: '0048512', isInternational: true }],
    ['048 512', { digits: '048512', dialled: '048512', isInternational: false }],
    ['512 +48', { digits: '51248', dialled: '51248', isInternational: false }],
    ['٥١٢ +٤٨', { digits: '51248', dialled: '51248', isInternational: false }],
    ['', { digits: '', dialled: '', isInternational: false }],
  ])('%s is %j', (text, expected) => {
    expect(phoneTextOf(text)).toEqual(expected);
  });

  it('has digits of every script that people type phones in', () => {
    expect(['0123456789', '０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'].map(digitsOf)).toEqual(
      Array.from({ length: 4 }, () => '0123456789'),
    );
    expect(digitsOf('a5b1\n2²')).toBe('512');
  });
});

describe('a phone without signs', () => {
  it('keeps its plus and everything that no phone has', () => {
    expect(withoutPhoneSigns('+48 (512) 345-678')).toBe('+48512345678');
    expect(withoutPhoneSigns('＋48 512.345/678')).toBe('+48512345678');
    expect(withoutPhoneSigns('512 x5')).toBe('512x5');
  });
});
