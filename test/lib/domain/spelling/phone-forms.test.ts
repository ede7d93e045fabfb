import { describe, expect, it } from '@jest/globals';
import { phoneTextOf } from '#lib/domain/spelling/phone-digits.ts';
import { foldPhone, meantBeginning, meantNumbers, phoneParts } from '#lib/domain/spelling/phone-forms.ts';

describe('the number of one person', () => {
  it.each([
    ['+48 512-345-678', '0048512345678'],
    ['+52 1 222 123 4567', '+52 222 123 4567'],
    ['+54 9 11 2345 6789', '541123456789'],
  ])('is the same for %s and %s', (one, other) => {
    expect(foldPhone(one)).toBe(foldPhone(other));
  });

  it.each([
    ['48512345678', '48512345679'],
    ['+52 122 123 4567', '+52 22 123 4567'],
    ['+54 9 11 2345 678', '+54 11 2345 678'],
    ['+52 2 222 123 4567', '+52 222 123 4567'],
    ['+54 8 11 2345 6789', '+54 11 2345 6789'],
    ['+55 1 222 123 4567', '+55 222 123 4567'],
    ['512345678', '48512345678'],
  ])('is another one for %s and %s', (one, other) => {
    expect(foldPhone(one)).not.toBe(foldPhone(other));
  });

  it('has two parts', () => {
    expect(phoneParts('+48512345678')).toEqual({ code: '48', national: '512345678' });
    expect(phoneParts('5212221234567')).toEqual({ code: '52', national: '2221234567' });
    expect(phoneParts('999')).toEqual({ code: '', national: '999' });
  });

  it('is folded to itself', () => {
    for (const phone of ['48512345678', '5212221234567', '5491123456789', '52112221234567'])
      expect(foldPhone(foldPhone(phone))).toBe(foldPhone(phone));
  });
});

describe('a whole phone that is asked for', () => {
  const meant = (text: string, country: string) => meantNumbers(phoneTextOf(text), country);

  it.each([
    ['+48 512 345 678', 'DE', { first: ['48512345678'], otherwise: [] }],
    ['+44 (0)7400 123456', 'PL', { first: ['4407400123456', '447400123456'], otherwise: [] }],
    ['512 345 678', 'PL', { first: ['48512345678'], otherwise: ['512345678'] }],
    ['48512345678', 'PL', { first: ['4848512345678', '48512345678'], otherwise: [] }],
    ['48512345678', 'DE', { first: ['4948512345678'], otherwise: ['48512345678'] }],
    ['07400 123456', 'GB', { first: ['4407400123456', '447400123456'], otherwise: ['07400123456'] }],
    ['1 212 555 0123', 'US', { first: ['112125550123', '12125550123'], otherwise: [] }],
    ['8 912 345 67 89', 'RU', { first: ['789123456789', '79123456789'], otherwise: ['89123456789'] }],
    ['512345678', 'XX', { first: ['512345678'], otherwise: [] }],
    [
      '8 029 491 19 11',
      'BY',
      { first: ['37580294911911', '3750294911911', '375294911911'], otherwise: ['80294911911'] },
    ],
    [
      '011 15 2345-6789',
      'AR',
      { first: ['540111523456789', '54111523456789', '541123456789'], otherwise: ['0111523456789'] },
    ],
    ['341 15 612 3456', 'AR', { first: ['54341156123456', '543416123456'], otherwise: ['341156123456'] }],
    ['2944 15 123456', 'AR', { first: ['54294415123456', '542944123456'], otherwise: ['294415123456'] }],
    ['2 15 0456 78901', 'AR', { first: ['54215045678901'], otherwise: ['215045678901'] }],
    ['11 15 2345 678', 'AR', { first: ['5411152345678'], otherwise: ['11152345678', '1152345678'] }],
    ['11 15 2345 6789', 'DE', { first: ['49111523456789'], otherwise: ['111523456789', '11523456789'] }],
  ])('%s in %s means %j', (text, country, expected) => {
    const found = meant(text, country);
    expect({ ...found, first: [...new Set(found.first)] }).toEqual(expected);
  });
});

describe('the beginning or end of a phone that is asked for', () => {
  const meant = (text: string, country = 'PL') => meantBeginning(phoneTextOf(text), country);

  it.each([
    ['512', 'PL', ['512'], { code: '51', nationals: ['2'] }, null],
    ['48512', 'PL', ['48512'], { code: '48', nationals: ['512'] }, null],
    ['+48 512', 'DE', [], { code: '48', nationals: ['512'] }, null],
    ['+44 (0)7400', 'PL', [], { code: '44', nationals: ['07400', '7400'] }, null],
    ['07400', 'GB', ['07400', '7400'], null, null],
    ['07400', 'PL', ['07400', '7400'], null, null],
    ['8912', 'RU', ['8912', '912'], null, null],
    ['0', 'PL', ['0'], null, '0'],
    ['0', 'GB', ['0'], null, '0'],
    ['80', 'BY', ['80', '0'], null, '80'],
    ['5120', 'PL', ['5120'], { code: '51', nationals: ['20'] }, null],
    ['999', 'PL', ['999'], null, '999'],
    ['+380', 'PL', [], null, '380'],
    ['9991', 'PL', ['9991'], null, null],
    ['48', 'PL', ['48'], null, '48'],
    ['+48', 'PL', [], null, '48'],
    ['+3', 'PL', [], null, '3'],
    ['+54 9 11', 'PL', [], { code: '54', nationals: ['911', '11'] }, null],
    ['9 11', 'AR', ['911', '11'], { code: '91', nationals: ['1'] }, null],
    ['+52 1', 'PL', [], { code: '52', nationals: ['1'] }, null],
  ])('%s in %s', (text, country, nationals, afterCode, code) => {
    expect(meant(text, country)).toEqual({ nationals, afterCode, code });
  });
});
