import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Types } from 'mongoose';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { useService } from '#test/support/service.ts';

const service = useService('settings-store');
const HOUR_MS = 3_600_000;

afterEach(() => {
  jest.restoreAllMocks();
});

/** Saves settings as another environment would: this environment’s cache does not know. */
const chosenElsewhere = async (businessId: string, retentionDays: number): Promise<void> => {
  const settings = service.database.collection('business_settings');
  await settings.updateOne({ _id: new Types.ObjectId(businessId) }, { $set: { retentionDays } });
};

describe('settingsOf', () => {
  it('is at most 30 seconds old', async () => {
    const { businessId, chooseSettings } = aBusiness();
    await chooseSettings({ retentionDays: 10 });
    const startedAt = Date.now();
    const daysAfter = async (ms: number): Promise<number | null> => {
      jest.spyOn(Date, 'now').mockReturnValue(startedAt + ms);
      return (await settingsOf(aScope(businessId, { deadline: startedAt + HOUR_MS }))).retentionDays;
    };
    expect(await daysAfter(0)).toBe(10);
    await chosenElsewhere(businessId, 20);
    expect(await daysAfter(29_999)).toBe(10);
    expect(await daysAfter(30_001)).toBe(20);
  });

  it('is new at once in the environment that saved them', async () => {
    const { businessId, chooseSettings } = aBusiness();
    const days = async () => (await settingsOf(aScope(businessId))).retentionDays;
    expect(await days()).toBe(90);
    await chooseSettings({ retentionDays: 7 });
    expect(await days()).toBe(7);
  });

  it('never mixes two businesses', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    await one.chooseSettings({ defaultCountry: 'DE' });
    const countryOf = async ({ businessId }: { businessId: string }) =>
      (await settingsOf(aScope(businessId))).defaultCountry;
    expect(await Promise.all([one, other, one].map(countryOf))).toEqual(['DE', 'PL', 'DE']);
  });
});
