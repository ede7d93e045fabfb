import { describe, expect, it } from '@jest/globals';
import { changeSettings, DEFAULT_SETTINGS, uniquenessHeld } from '#lib/domain/business/business-settings.ts';

describe('the settings of a business', () => {
  it('start with what the contract says', () => {
    expect(DEFAULT_SETTINGS).toEqual({
      regularRequires: 'email-and-phone',
      uniqueEmail: true,
      uniquePhone: true,
      defaultCountry: 'PL',
      retentionDays: 90,
      archiveAfterDays: null,
    });
  });

  it('change in what is named only', () => {
    const changed = changeSettings(DEFAULT_SETTINGS, { retentionDays: null, defaultCountry: 'UA' });
    expect(changed).toEqual({ ...DEFAULT_SETTINGS, retentionDays: null, defaultCountry: 'UA' });
    expect(changeSettings(changed, { retentionDays: 1 }).retentionDays).toBe(1);
    const archiving = changeSettings(changed, { archiveAfterDays: 365 });
    expect(changeSettings(archiving, { archiveAfterDays: null })).toEqual(changed);
  });

  it.each([
    { regularRequires: 'email-or-phone' as const },
    { uniqueEmail: false },
    { uniquePhone: false },
    { defaultCountry: 'UA' },
    { retentionDays: 1 },
    { archiveAfterDays: 1 },
  ])('are other ones after %j alone', (changes) => {
    expect(changeSettings(DEFAULT_SETTINGS, changes)).toEqual({ ...DEFAULT_SETTINGS, ...changes });
  });

  it('are the same object when nothing changes', () => {
    expect(changeSettings(DEFAULT_SETTINGS, {})).toBe(DEFAULT_SETTINGS);
    expect(
      changeSettings(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, uniqueEmail: true, uniquePhone: true }),
    ).toBe(DEFAULT_SETTINGS);
  });

  it.each(['uniqueEmail', 'uniquePhone'] as const)(
    'make %s pending when it is switched on, until a job ends it',
    (name) => {
      const off = changeSettings(DEFAULT_SETTINGS, { [name]: false });
      const pending = changeSettings(off, { [name]: true });
      expect([off[name], pending[name]]).toEqual([false, 'pending']);
      expect(changeSettings(pending, { [name]: true })).toBe(pending);
      expect(changeSettings(pending, { [name]: false })[name]).toBe(false);
    },
  );

  it('hold a uniqueness while it is on or pending', () => {
    expect([true, 'pending' as const, false].map(uniquenessHeld)).toEqual([true, true, false]);
  });
});
