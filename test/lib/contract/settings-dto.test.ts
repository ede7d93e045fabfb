import { describe, expect, it } from '@jest/globals';
import { BusinessSettingsChanges, BusinessSettingsDto } from '#lib/contract/settings-dto.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';

const takes = (changes: object): boolean => BusinessSettingsChanges.safeParse(changes).success;

describe('BusinessSettingsChanges', () => {
  it.each([
    {},
    { regularRequires: 'email-and-phone' },
    { regularRequires: 'email-or-phone' },
    { uniqueEmail: true, uniquePhone: false },
    { defaultCountry: 'UA' },
    { retentionDays: 1 },
    { retentionDays: 36_500 },
    { retentionDays: null },
  ])('take %j', (changes) => {
    expect(BusinessSettingsChanges.parse(changes)).toEqual(changes);
  });

  it.each([
    { regularRequires: '' },
    { uniqueEmail: 'pending' },
    { uniquePhone: 'pending' },
    { defaultCountry: 'ua' },
    { defaultCountry: 'UAX' },
    { defaultCountry: 'U' },
    { defaultCountry: null },
    { retentionDays: 0 },
    { retentionDays: 36_501 },
    { retentionDays: 1.5 },
    { other: 1 },
  ])('refuse %j', (changes) => {
    expect(takes(changes)).toBe(false);
  });
});

describe('BusinessSettingsDto', () => {
  it('goes out with every setting, and nothing else', () => {
    const pending = { ...DEFAULT_SETTINGS, uniqueEmail: 'pending' as const, retentionDays: null };
    for (const settings of [DEFAULT_SETTINGS, pending])
      expect(BusinessSettingsDto.parse({ ...settings, other: 'canary' })).toEqual(settings);
    expect(BusinessSettingsDto.safeParse({ ...DEFAULT_SETTINGS, uniquePhone: 'on' }).success).toBe(false);
  });
});
