import { describe, expect, it } from '@jest/globals';
import {
  InvoicingDto,
  PreferenceChanges,
  PreferencesDto,
  toPreferencesDto,
} from '#lib/contract/preferences-dto.ts';
import { NO_PREFERENCES } from '#lib/domain/activity/preferences.ts';

const ID = 'a'.repeat(24);
const INVOICING = { name: 'Canary Ltd', taxId: 'PL 1', address: 'Street 1', email: '•••' };
const WHOLE: PreferencesDto = {
  channel: 'sms',
  language: 'pl',
  services: [ID],
  specialists: [ID, 'b'.repeat(24)],
  invoicing: INVOICING,
};
const isTaken = (changes: object): boolean => PreferenceChanges.safeParse(changes).success;

describe('the language of a customer', () => {
  it.each(['pl', 'uk', 'DE', 'yue', 'de-AT', 'zh-Hant', 'zh-Hant-TW', 'es-419'])('may be %s', (language) => {
    expect(PreferenceChanges.safeParse({ language }).success).toBe(true);
  });

  it.each(['', 'p', 'polski', 'pl_PL', 'pl-', 'de-AUT', 'de-AT-', ' pl'])('is not %j', (language) => {
    expect(PreferenceChanges.safeParse({ language }).success).toBe(false);
  });
});

describe('preferences in a request', () => {
  it('are taken as they are sent; an absent one stays absent', () => {
    expect(PreferenceChanges.parse({})).toStrictEqual({});
    expect(PreferenceChanges.parse({ invoicing: {} })).toStrictEqual({ invoicing: {} });
    expect(PreferenceChanges.parse(WHOLE)).toStrictEqual(WHOLE);
  });

  it('may each be null', () => {
    const none = Object.fromEntries(Object.keys(WHOLE).map((name) => [name, null]));
    expect(PreferenceChanges.parse(none)).toStrictEqual(none);
    const invoicing = Object.fromEntries(Object.keys(INVOICING).map((name) => [name, null]));
    expect(PreferenceChanges.parse({ invoicing })).toStrictEqual({ invoicing });
  });

  it('are at most 100 services and specialists, by their ids', () => {
    for (const name of ['services', 'specialists']) {
      expect(isTaken({ [name]: Array.from({ length: 100 }, () => ID) })).toBe(true);
      expect(isTaken({ [name]: Array.from({ length: 101 }, () => ID) })).toBe(false);
      expect(isTaken({ [name]: ['cut'] })).toBe(false);
    }
  });

  it.each([
    ['name', 200],
    ['taxId', 50],
    ['address', 500],
    ['email', 254],
  ])('have a %s of at most %d characters for invoices', (name, most) => {
    expect(isTaken({ invoicing: { [name]: 'x'.repeat(most) } })).toBe(true);
    expect(isTaken({ invoicing: { [name]: 'x'.repeat(most + 1) } })).toBe(false);
  });

  it('have no other channel, and no other field', () => {
    expect([
      isTaken({ channel: 'fax' }),
      isTaken({ pet: 'x' }),
      isTaken({ invoicing: { iban: 'x' } }),
    ]).toEqual([...[false, false, false]]);
  });
});

describe('preferences in an answer', () => {
  it('have every field, and no other at any depth', () => {
    expect(toPreferencesDto(WHOLE)).toStrictEqual(WHOLE);
    const more = { ...WHOLE, secret: 1, invoicing: { ...INVOICING, secret: 1 } };
    expect(PreferencesDto.parse(more)).toStrictEqual(WHOLE);
    for (const name of Object.keys(WHOLE))
      expect(PreferencesDto.safeParse({ ...WHOLE, [name]: undefined }).success).toBe(false);
    for (const name of Object.keys(INVOICING))
      expect(InvoicingDto.safeParse({ ...INVOICING, [name]: undefined }).success).toBe(false);
  });

  it('are null where nothing is known', () => {
    expect(toPreferencesDto(NO_PREFERENCES)).toStrictEqual(NO_PREFERENCES);
    expect(PreferencesDto.parse(NO_PREFERENCES)).toStrictEqual(NO_PREFERENCES);
    const nothing = { name: null, taxId: null, address: null, email: null };
    expect(InvoicingDto.parse(nothing)).toStrictEqual(nothing);
  });
});
