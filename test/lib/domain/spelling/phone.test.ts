import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json';
import { callingCodeOf } from '#lib/domain/spelling/calling-codes.ts';
import { internationalPhone, isCountry, readPhone } from '#lib/domain/spelling/phone.ts';
import { phoneDigits, phoneTextOf } from '#lib/domain/spelling/phone-digits.ts';
import { foldPhone, meantNumbers } from '#lib/domain/spelling/phone-forms.ts';

const read = (text: string, country = 'PL') => readPhone(text, country).phone;

describe('a phone number', () => {
  it.each([
    ['48512345678', '48512345678'],
    ['+48 512 345 678', '+48512345678'],
    ['+48 (512) 345-678', '+48512345678'],
    ['(+48) 512 345 678', '+48512345678'],
    ['0048512345678', '48512345678'],
    ['tel: +48.512.345.678', '+48512345678'],
    ['４８５１２３４５６７８', '48512345678'],
    ['＋４８ ５１２ ３４５ ６７８', '+48512345678'],
    ['٤٨٥١٢٣٤٥٦٧٨', '48512345678'],
    ['+48\u200b512\u2011345\u2212678', '+48512345678'],
    ['12345678901', '12345678901'],
    ['380501234567', '380501234567'],
    ['512 345 678', '48512345678'],
    ['12 345 67 89', '48123456789'],
    ['+45 32 12 34 56', '+4532123456'],
    ['0045 32 12 34 56', '4532123456'],
    ['4532123456', '4532123456'],
    ['＋45 32 12 34 56', '+4532123456'],
    ['+354 611 1234', '+3546111234'],
    ['+65 8123 4567', '+6581234567'],
    ['+44 (0)7400 123456', '+447400123456'],
    ['+44 07400 123456', '+447400123456'],
    ['+48 (0) 512 345 678', '+48512345678'],
    ['+48 0512 345 678', '+48512345678'],
    ['48 (0) 512 345 678', '48512345678'],
    ['+800 1234 5678', '+80012345678'],
    [' tel:+48512345678 ', '+48512345678'],
    ['TEL:  +48512345678', '+48512345678'],
    ['-+48 512 345 678', '+48512345678'],
    ['+48 (0) 22 123 45 67', '+48221234567'],
    ['+1 0 212 555 0123', '+12125550123'],
    ['491234567890123', '491234567890123'],
    ['12 34567.00', '48123456700'],
    ['51234.0678', '48512340678'],
    ['512 345/678', '48512345678'],
    [`+48${' '.repeat(88)}512345678`, '+48512345678'],
    [`  +48512345678${' '.repeat(200)}`, '+48512345678'],
  ])('%s is kept as %s in Poland', (text, phone) => {
    expect(readPhone(text, 'PL')).toEqual({ phone, fault: null });
  });

  it.each([
    ['512 345 678', 'PL', '48512345678'],
    ['07400 123456', 'GB', '447400123456'],
    ['(212) 555-0123', 'US', '12125550123'],
    ['1 212 555 0123', 'US', '12125550123'],
    ['030/1234567', 'DE', '49301234567'],
    ['06 1234 5678', 'IT', '390612345678'],
    ['8 912 345-67-89', 'RU', '79123456789'],
    ['222 123 4567', 'MX', '522221234567'],
    ['1 222 123 4567', 'MX', '5212221234567'],
    ['+52 1 222 123 4567', 'PL', '+5212221234567'],
    ['011 15 2345-6789', 'AR', '5491123456789'],
    ['4851 2345678', 'DE', '4948512345678'],
    ['89072/12345', 'DE', '498907212345'],
    ['(0)7400 123456', 'GB', '447400123456'],
    ['011 48 512 345 678', 'US', '48512345678'],
    ['011 49 30 12345678901', 'US', '493012345678901'],
    ['+48 512 345 678', 'DE', '+48512345678'],
    ['0048 512 345 678', 'DE', '48512345678'],
  ])('%s in %s is kept as %s', (text, country, phone) => {
    expect(readPhone(text, country)).toEqual({ phone, fault: null });
  });

  it.each([
    ['', 'phone-format'],
    ['none', 'phone-letters'],
    ['+', 'phone-format'],
    ['00', 'phone-format'],
    ['48512', 'phone-format'],
    ['5547778321', 'phone-format'],
    ['123456789012345', 'phone-format'],
    ['1234567890123456', 'phone-format'],
    ['102 345 678', 'phone-format'],
    ['+48 12', 'phone-format'],
    ['512*345*678', 'phone-format'],
    ['512_345_678', 'phone-format'],
    ['+1 212 555 0123 ext. 5', 'phone-extension'],
    ['+1 212 555 0123;ext=5', 'phone-extension'],
    ['+1 212 555 0123 x5', 'phone-extension'],
    ['+1 212 555 0123 #5', 'phone-extension'],
    ['12 345 67 89 wew. 12', 'phone-extension'],
    ['512 345 678 доб. 3', 'phone-extension'],
    ['512 345 678 mama', 'phone-letters'],
    ['tel. 512 345 678', 'phone-letters'],
    ['WhatsApp +48 512 345 678', 'phone-letters'],
    ['1-800-FLOWERS', 'phone-letters'],
    ['12 345 67 89 / 90', 'phone-second-number'],
    ['512-345-678, 12 345', 'phone-second-number'],
    ['512 345 678; 512 345 679', 'phone-second-number'],
    ['512 345 678 i 600 700 800', 'phone-second-number'],
    ['+48 512 345 678 +48 512 345 679', 'phone-second-number'],
    ['512 345 678 512 345 679', 'phone-second-number'],
    ['4.8512345678E+10', 'phone-exponent'],
    ['4,86E+10', 'phone-exponent'],
    ['4.86e10', 'phone-exponent'],
    ['48512345678.0', 'phone-decimal'],
    ['48512345640,00', 'phone-decimal'],
    ['+4848512345678', 'phone-country-code-twice'],
    ['+48 +48 512 345 678', 'phone-second-number'],
    ['0048 48 512 345 678', 'phone-country-code-twice'],
    ['+48 48', 'phone-format'],
    ['+4848 12 34', 'phone-format'],
    ['+48 (0) 12 34', 'phone-trunk-zero'],
    ['+48 ( 0 ) 12 34', 'phone-trunk-zero'],
    ['+39 (0)6 1234 5678', 'phone-trunk-zero'],
    ['(0)512 345 678', 'phone-trunk-zero'],
    ['+44 (70) 12', 'phone-format'],
    ['+44 (07) 12', 'phone-format'],
    ['(tel: 512 345 678)', 'phone-letters'],
    ['512 345 678 - x12345', 'phone-extension'],
    ['512 345 678 x123456', 'phone-second-number'],
    ['48+512345678', 'phone-second-number'],
    ['+4912345678901234', 'phone-format'],
    ['+4930123456789012', 'phone-format'],
    ['12345678901234567', 'phone-format'],
    ['123456789012345678', 'phone-second-number'],
    ['644299/12', 'phone-second-number'],
    ['123456/512345678', 'phone-format'],
    ['+4.86E+10', 'phone-exponent'],
    ['486E+8', 'phone-exponent'],
    ['12.5E+3', 'phone-exponent'],
    ['x4.86E+10', 'phone-extension'],
    ['4.86E+10 x5', 'phone-extension'],
    ['512-345-678.0', 'phone-format'],
    [`+48${' '.repeat(89)}512345678`, 'phone-format'],
    [`+48512345678${' '.repeat(200)}600700800`, 'phone-format'],
  ])('%j is none in Poland: %s', (text, fault) => {
    expect(readPhone(text, 'PL')).toEqual({ phone: null, fault });
  });

  it('is 48 or 380 with any nine digits, and is kept digit by digit', () => {
    fc.assert(
      fc.property(fc.constantFrom('48', '380'), fc.stringMatching(/^\d{9}$/), (code, rest) => {
        expect(read(`${code}${rest}`)).toBe(`${code}${rest}`);
        expect(read(`+${code}${rest}`)).toBe(`+${code}${rest}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is none for every 48 with three digits', () => {
    const kept = Array.from({ length: 1_000 }, (_, rest) => `48${String(rest).padStart(3, '0')}`).filter(
      (text) => read(text) !== null,
    );
    expect(kept).toEqual([]);
  });

  it('is national only in a country that is known', () => {
    expect(read('512345678', 'XX')).toBeNull();
    expect(read('+4532123456', 'XX')).toBe('+4532123456');
  });

  it('is kept as at most 15 digits, and with its plus it is read as the same in every country', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ -()x')), maxLength: 30 }),
        (text) => {
          const kept = read(text);
          if (kept === null) return;
          expect(kept).toMatch(/^\+?\d{1,15}$/);
          for (const country of ['PL', 'DE', 'US', 'MX', 'XX'])
            expect(read(`+${phoneDigits(kept)}`, country)).toBe(`+${phoneDigits(kept)}`);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is decided for 100 KB of anything', () => {
    for (const unit of ['0', '9', '+', ' ', 'x', '٤', '9x', '1 ', '(0)'])
      expect(read(unit.repeat(100_000))).toBeNull();
  });
});

describe('the phone of every country', () => {
  const COUNTRIES = ['PL', 'UA', 'DE', 'GB', 'US'];
  const numbers = getCountries().flatMap((country) => {
    const number = getExampleNumber(country, examples);
    return number === undefined ? [] : [{ country, number }];
  });

  it('is known for 200 countries and more', () => {
    expect(numbers.length).toBeGreaterThan(200);
  });

  it('is read with its code in a business of any country, and again after that', () => {
    for (const { number } of numbers)
      for (const country of COUNTRIES) {
        const written = number.formatInternational();
        expect([written, country, read(written, country)]).toEqual([written, country, number.number]);
        expect(read(number.number, country)).toBe(number.number);
        expect(foldPhone(read(`00${number.number.slice(1)}`, country) ?? '')).toBe(foldPhone(number.number));
      }
  });

  it('is read as it is dialled at home, and then has its code', () => {
    for (const { country, number } of numbers) {
      const dialled = number.formatNational();
      expect([country, dialled, read(dialled, country)]).toEqual([country, dialled, number.number.slice(1)]);
    }
  });

  it('dialled abroad as at home is another number, or none: it never has a code that nobody meant', () => {
    for (const { number } of numbers)
      for (const country of COUNTRIES) {
        const kept = read(number.formatNational(), country);
        if (kept === null) continue;
        const isOfBusiness = kept.startsWith(callingCodeOf(country) ?? '-');
        expect([country, kept, isOfBusiness || kept === phoneDigits(number.formatNational())]).toEqual([
          country,
          kept,
          true,
        ]);
      }
  });

  it('is among the numbers that are asked for, however it is written', () => {
    for (const { country, number } of numbers) {
      const digits = number.number.slice(1);
      const asked = (text: string, at: string) => {
        const { first, otherwise } = meantNumbers(phoneTextOf(text), at);
        return [...first, ...otherwise].map(foldPhone);
      };
      for (const at of COUNTRIES) {
        expect(asked(number.formatInternational(), at)).toContain(foldPhone(digits));
        expect(asked(digits, at)).toContain(foldPhone(digits));
      }
      expect([country, asked(number.formatNational(), country)]).toEqual([
        country,
        expect.arrayContaining([foldPhone(digits)]),
      ]);
    }
  });
});

describe('a phone from before numbers were international', () => {
  it.each([
    ['512345678', 'PL', '48512345678'],
    ['07400123456', 'GB', '447400123456'],
    ['4532123456', 'PL', '4532123456'],
    ['48512345678', 'DE', '48512345678'],
    ['12345678901234', 'PL', '12345678901234'],
    ['123', 'PL', '123'],
    ['4532123456', 'DE', '4532123456'],
    ['89123456789', 'RU', '89123456789'],
    ['', 'PL', ''],
  ])('%s in %s is %s', (stored, country, phone) => {
    expect(internationalPhone(stored, country)).toBe(phone);
  });
});

describe('a country', () => {
  it('is one whose phone numbers are known, by its code in capitals', () => {
    expect(['PL', 'GB', 'UA'].every(isCountry)).toBe(true);
    expect(['', 'pl', 'XX', 'POL', 'constructor', '__proto__', 'toString'].some(isCountry)).toBe(false);
  });
});
