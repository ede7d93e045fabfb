import { describe, expect, it } from '@jest/globals';
import {
  changedPreferences,
  lackingPreferences,
  partedPreferences,
  PREFERENCE_NAMES,
  NO_PREFERENCES,
  type Preferences,
  setPreferences,
  unitedPreferences,
} from '#lib/domain/activity/preferences.ts';
import { Refusal } from '#lib/domain/errors.ts';

const [CUT, DYE, ANNA] = ['1', '2', '3'].map((digit) => digit.repeat(24)) as [string, string, string];
const INVOICING = { name: 'Canary Ltd', taxId: 'PL 1', address: 'Street 1', email: 'books@canary.example' };
const ALL: Preferences = {
  channel: 'sms',
  language: 'pl',
  services: [CUT, DYE],
  specialists: [ANNA],
  invoicing: INVOICING,
};

describe('preferences', () => {
  it('are set as they are named; the others stay', () => {
    expect(setPreferences(NO_PREFERENCES, ALL)).toEqual(ALL);
    expect(setPreferences(ALL, {})).toEqual(ALL);
    expect(setPreferences(ALL, { channel: 'post' })).toEqual({ ...ALL, channel: 'post' });
    expect(setPreferences(ALL, { services: [DYE] })).toEqual({ ...ALL, services: [DYE] });
  });

  it('are cleared by null, by a blank text and by an empty list', () => {
    for (const name of ['channel', 'language', 'services', 'specialists', 'invoicing'] as const)
      expect(setPreferences(ALL, { [name]: null })).toEqual({ ...ALL, [name]: null });
    expect(setPreferences(ALL, { language: ' ', services: [], specialists: [] })).toEqual({
      ...ALL,
      ...{ language: null, services: null, specialists: null },
    });
  });

  it('have each id once, in the order of the request', () => {
    expect(setPreferences(ALL, { services: [DYE, CUT, DYE] }).services).toEqual([DYE, CUT]);
  });

  it('have texts without white space around them, which can be stored', () => {
    expect(setPreferences(ALL, { language: ' uk\n' }).language).toBe('uk');
    expect(setPreferences(ALL, { invoicing: { name: ' half \ud83d ' } }).invoicing?.name).toBe('half \ufffd');
  });
});

describe('whom to invoice', () => {
  it('is set part by part, and is nothing when nothing is left of it', () => {
    const changed = setPreferences(ALL, { invoicing: { name: 'Canary Inc', address: null } });
    expect(changed.invoicing).toEqual({ ...INVOICING, name: 'Canary Inc', address: null });
    const begun = setPreferences(NO_PREFERENCES, { invoicing: { taxId: 'PL 2' } });
    expect(begun.invoicing).toEqual({ name: null, taxId: 'PL 2', address: null, email: null });
    expect(setPreferences(begun, { invoicing: { taxId: ' ' } })).toEqual(NO_PREFERENCES);
    expect(setPreferences(NO_PREFERENCES, { invoicing: {} })).toEqual(NO_PREFERENCES);
  });

  it('has an email without what pasting adds', () => {
    const { invoicing } = setPreferences(ALL, { invoicing: { email: ' a@canary.example\u200b ' } });
    expect(invoicing?.email).toBe('a@canary.example');
  });

  it('is refused with an email that is none, unless it stays as it is', () => {
    const refused = (before: Preferences, email: string) => () =>
      setPreferences(before, { invoicing: { email } });
    expect(refused(ALL, 'nobody')).toThrow(Refusal);
    try {
      refused(ALL, 'nobody')();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('not an email address'),
        details: { violations: [{ in: 'body', pointer: '#/invoicing/email', error: 'email-format' }] },
      });
    }
    const older = { ...ALL, invoicing: { ...INVOICING, email: 'nobody' } };
    expect(refused(older, 'nobody')()).toEqual(older);
    expect(setPreferences(older, { language: 'de' }).invoicing).toEqual(older.invoicing);
  });
});

describe('what has changed', () => {
  it('is named, never with a value', () => {
    expect(changedPreferences(ALL, { ...ALL })).toEqual([]);
    expect(changedPreferences(ALL, { ...ALL, services: [CUT, DYE] })).toEqual([]);
    expect(changedPreferences(ALL, { ...ALL, services: [DYE, CUT] })).toEqual(['preferences.services']);
    const moved = { ...ALL, invoicing: { ...INVOICING, address: 'Street 2' } };
    expect(changedPreferences(ALL, moved)).toEqual(['preferences.invoicing']);
    expect(changedPreferences(NO_PREFERENCES, ALL)).toEqual(
      ['channel', 'language', 'services', 'specialists', 'invoicing'].map((name) => `preferences.${name}`),
    );
  });
});

describe('the preferences of a survivor', () => {
  it('are its own and, where it has none, those of the loser', () => {
    expect(unitedPreferences(NO_PREFERENCES, ALL)).toEqual(ALL);
    expect(unitedPreferences(ALL, NO_PREFERENCES)).toEqual(ALL);
    const own = { ...NO_PREFERENCES, channel: 'push' as const, services: [DYE] };
    expect(unitedPreferences(own, ALL)).toEqual({ ...ALL, channel: 'push', services: [DYE] });
    expect(lackingPreferences(own, ALL)).toEqual(['language', 'specialists', 'invoicing']);
    expect(lackingPreferences(ALL, ALL)).toEqual([]);
    expect(lackingPreferences(NO_PREFERENCES, NO_PREFERENCES)).toEqual([]);
  });

  it('are without what it took over and kept as it was, when the merge is undone', () => {
    const names = PREFERENCE_NAMES;
    expect(partedPreferences(ALL, ALL, names)).toEqual(NO_PREFERENCES);
    expect(partedPreferences(ALL, ALL, [])).toEqual(ALL);
    for (const name of names) {
      expect(partedPreferences(ALL, ALL, [name])).toEqual({ ...ALL, [name]: null });
      expect(partedPreferences(ALL, { ...ALL, [name]: null }, [name])).toEqual(ALL);
    }
  });
});
