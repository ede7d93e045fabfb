import { describe, expect, it } from '@jest/globals';
import { currencies, isCurrency, MOST_AMOUNT, toMajor, toMinor } from '#lib/domain/activity/currencies.ts';
import { fc } from '#test/support/fast-check.ts';

const codes = [...currencies().keys()];

/** Withdrawn before the list was written: the platform still names them. */
const WITHDRAWN = ['HRK', 'SLL', 'ZWL'];
/** Where CLDR, which the platform uses, has digits of its own. */
const OTHER_DIGITS =
  'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SOS SYP YER' +
  ' XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';

const digitsOnPlatform = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;

describe('the codes of currencies', () => {
  it('are all that the platform knows and that are in use, and more', () => {
    const unknown = Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code));
    expect(unknown).toEqual(WITHDRAWN);
    expect(codes.length).toBeGreaterThan(170);
    expect(codes.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
  });

  it('have the digits that the platform says, but where CLDR has its own', () => {
    const different = codes.filter((code) => digitsOnPlatform(code) !== currencies().get(code));
    expect(different.filter((code) => !OTHER_DIGITS.split(' ').includes(code))).toEqual([]);
  });

  it.each([
    ['PLN', 2],
    ['DKK', 2],
    ['HUF', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['IQD', 3],
    ['CLF', 4],
  ])('say how many digits %s has', (code, digits) => {
    expect(currencies().get(code)).toBe(digits);
  });

  it.each(['pln', 'EURO', 'EU', '', 'DEM', 'constructor'])('refuse %j', (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});

describe('an amount in the minor unit', () => {
  it.each([
    [12.5, 'PLN', 1_250],
    [0.1 + 0.2, 'EUR', 30],
    [1.005, 'KWD', 1_005],
    [19.99, 'USD', 1_999],
    [1_000, 'JPY', 1_000],
    [0, 'DKK', 0],
    [0.12345, 'CLF', 1_235],
    [MOST_AMOUNT, 'KWD', 10 ** 15],
  ])('of %d %s is %d', (amount, code, minor) => {
    expect(toMinor(amount, code)).toBe(minor);
  });

  it('is the same again after it was said in the major unit', () => {
    const minor = fc.integer({ min: 0, max: 10 ** 14 });
    fc.assert(
      fc.property(minor, fc.constantFrom(...codes), (units, code) => {
        expect(toMinor(toMajor(units, code), code)).toBe(units);
      }),
    );
  });
});
