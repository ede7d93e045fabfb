import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type BusinessSettings, DEFAULT_SETTINGS } from '#lib/domain/settings.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import type { BusinessSettingsDocument } from './models/records.ts';
import { modelOf } from './models/models.ts';
import { Conflict } from './conflict.ts';
import { stage } from './unit-of-work.ts';

const CACHED_MS = 30_000;
const CACHED_BUSINESSES = 1_000;

type Cached = Readonly<{ settings: BusinessSettings; until: number }>;
const cache = new Map<string, Cached>();

/** What the caller's business chose, at most 30 seconds old. */
export const settingsOf = async (scope: BusinessScope): Promise<BusinessSettings> => {
  const cached = cache.get(scope.businessId);
  if (cached !== undefined && cached.until > Date.now()) return cached.settings;
  const { settings } = await readSettings(scope);
  if (cache.size >= CACHED_BUSINESSES) cache.clear();
  cache.set(scope.businessId, { settings, until: Date.now() + CACHED_MS });
  return settings;
};

/** What the caller's business chose, as it is now, with the version a change must name. */
export const readSettings = async (
  scope: BusinessScope,
): Promise<{ settings: BusinessSettings; version: number }> => {
  const stored = await modelOf(await connect(), 'business_settings')
    .findById(new Types.ObjectId(scope.businessId))
    .setOptions(askedBy(scope))
    .lean();
  return { settings: toSettings(stored), version: stored?.version ?? 0 };
};

const toSettings = (stored: BusinessSettingsDocument | null): BusinessSettings => ({
  regularRequires: stored?.regularRequires ?? DEFAULT_SETTINGS.regularRequires,
  uniqueEmail: stored?.uniqueEmail ?? DEFAULT_SETTINGS.uniqueEmail,
  uniquePhone: stored?.uniquePhone ?? DEFAULT_SETTINGS.uniquePhone,
  defaultCountry: stored?.defaultCountry ?? DEFAULT_SETTINGS.defaultCountry,
  retentionDays: stored?.retentionDays === undefined ? DEFAULT_SETTINGS.retentionDays : stored.retentionDays,
});

/** Stages new settings in place of those of a version; 0 is a business that never chose. */
export const saveSettings = (
  settings: BusinessSettings,
  { version, at }: { version: number; at: Date },
  scope: BusinessScope,
): void => {
  cache.delete(scope.businessId);
  const _id = new Types.ObjectId(scope.businessId);
  const document = { ...settings, version: version + 1, updatedAt: at };
  if (version === 0) {
    stage(scope, { insertInto: 'business_settings', document: { _id, ...document } }, () =>
      Promise.resolve(new Conflict('The settings were first chosen at the same time.')),
    );
    return;
  }
  stage(scope, { update: 'business_settings', filter: { _id, version }, change: { $set: document } });
};
