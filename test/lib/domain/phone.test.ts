import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCountry, normalizePhone } from '#lib/domain/phone.ts';
import { phoneDigits } from '#lib/domain/phone-digits.ts';

describe('a phone number', () => {
  it.each([
    ['48512345678', '48512345678'],
    ['+48 512 345 678', '48512345678'],
    ['+48 (512) 345-678', '48512345678'],
    ['0048512345678', '48512345678'],
    ['tel: +48.512.345.678', '48512345678'],
    ['４８５１２３４５６７８', '48512345678'],
    ['٤٨٥١٢٣٤٥٦٧٨', '48512345678'],
    ['12345678901', '12345678901'],
    ['380501234567', '380501234567'],
    ['123456789012345', '123456789012345'],
    ['512 345 678', '512345678'],
    ['+45 32 12 34 56', '4532123456'],
    ['0045 32 12 34 56', '4532123456'],
    ['＋45 32 12 34 56', '4532123456'],
  ])('%s is kept as %s in Poland', (text, digits) => {
    expect(normalizePhone(text, 'PL')).toBe(digits);
  });

  it.each([
    '',
    'none',
    '+',
    '00',
    '48512',
    '5547778321',
    '4532123456',
    '1234567890123456',
    '102 345 678',
    '+48 12',
  ])('%j is none in Poland', (text) => {
    expect(normalizePhone(text, 'PL')).toBeNull();
  });

  it('is none for every 48 with three digits', () => {
    const kept = Array.from({ length: 1_000 }, (_, rest) => `48${String(rest).padStart(3, '0')}`).filter(
      (text) => normalizePhone(text, 'PL') !== null,
    );
    expect(kept).toEqual([]);
  });

  it('of fewer than 11 digits needs a country that is known, unless it names its own', () => {
    expect(normalizePhone('512345678', 'XX')).toBeNull();
    expect(normalizePhone('+4532123456', 'XX')).toBe('4532123456');
    expect(normalizePhone('20 7946 0958', 'GB')).toBe('2079460958');
  });

  it('is kept as 1 to 15 digits, and what is kept from 11 digits on is kept again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ -()x')), maxLength: 30 }),
        (text) => {
          const kept = normalizePhone(text, 'PL');
          if (kept === null) return;
          expect(kept).toMatch(/^\d{1,15}$/);
          if (kept.length >= 11) expect(normalizePhone(kept, 'PL')).toBe(kept);
        },
      ),
    );
  });

  it('is decided for 100 KB of anything', () => {
    for (const unit of ['0', '9', '+', ' ', 'x', '٤'])
      expect(normalizePhone(unit.repeat(100_000), 'PL')).toBeNull();
  });
});

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

describe('a country', () => {
  it('is one whose phone numbers are known, by its code in capitals', () => {
    expect(['PL', 'GB', 'UA'].every(isCountry)).toBe(true);
    expect(['', 'pl', 'XX', 'POL', 'constructor', '__proto__', 'toString'].some(isCountry)).toBe(false);
  });
});
