import { describe, expect, it } from '@jest/globals';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max';
import { callingCodeIn, callingCodeOf, trunkPrefixOf } from '#lib/domain/spelling/calling-codes.ts';

/** Where the data of a country has the trunk prefix. */
const TRUNK_AT = 5;

describe('the calling code of a country', () => {
  it('is the one that the phone library knows, for every country', () => {
    const countries = getCountries();
    expect(countries.length).toBeGreaterThan(200);
    expect(countries.map((country) => [country, callingCodeOf(country)])).toEqual(
      countries.map((country) => [country, getCountryCallingCode(country)]),
    );
  });

  it('is null for what is no country', () => {
    expect(['XX', '', 'pl', 'PL ', 'AG AI'].map(callingCodeOf)).toEqual([null, null, null, null, null]);
  });
});

describe('what is dialled before a national number', () => {
  it('is the trunk prefix that the phone library knows, for every calling code', () => {
    const { country_calling_codes: countriesOf, countries, nonGeographic } = metadata;
    for (const [code, [main]] of Object.entries(countriesOf))
      expect([code, trunkPrefixOf(code)]).toEqual([code, (main && countries[main]?.[TRUNK_AT]) || '']);
    for (const code of Object.keys(nonGeographic)) expect([code, trunkPrefixOf(code)]).toEqual([code, '']);
  });

  it('is often a zero, and nothing where there is no trunk prefix or no such code', () => {
    expect(['44', '7', '1', '36', '48', '800', '999', ''].map(trunkPrefixOf)).toEqual([
      ...['0', '8', '1', '06', '', '', '', ''],
    ]);
  });
});

describe('the calling code that digits begin with', () => {
  it('is found for every calling code, with digits after it and alone', () => {
    const { country_calling_codes: countriesOf, nonGeographic } = metadata;
    for (const code of [...Object.keys(countriesOf), ...Object.keys(nonGeographic)]) {
      expect(callingCodeIn(code)).toBe(code);
      expect(callingCodeIn(`${code}0123`)).toBe(code);
    }
  });

  it('is null where there is none, or only a part of one', () => {
    expect(['48512', '380', '38', '', '1', '999', '80012', '9991'].map(callingCodeIn)).toEqual([
      ...['48', '380', null, null, '1', null, '800', null],
    ]);
  });
});
