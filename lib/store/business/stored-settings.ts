import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  type BusinessSettings,
  DEFAULT_SETTINGS,
  isSameSettings,
} from '#lib/domain/business/business-settings.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import type { BusinessSettingsDocument } from '#lib/store/collections/business-settings.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';

const CACHED_MS = 30_000;
const CACHED_BUSINESSES = 1_000;

type Cached = Readonly<{ settings: BusinessSettings; until: number }>;
const cache = new Map<string, Cached>();

/** The cached settings that each attempt of a request has used. */
const cachedUsedBy = new WeakMap<BusinessScope, BusinessSettings>();

/**
 * The settings of the caller's business, at most 30 seconds old. A request may be accepted by them. Before it is refused,
 * `requireCurrentSettings` must be called.
 */
export const settingsOf = async (scope: BusinessScope): Promise<BusinessSettings> => {
  const cached = cache.get(scope.businessId);
  if (cached === undefined || cached.until <= Date.now()) return await readAndCache(scope);
  cachedUsedBy.set(scope, cached.settings);
  return cached.settings;
};

export type SettingsOf = typeof settingsOf;

const readAndCache = async (scope: BusinessScope): Promise<BusinessSettings> => {
  const settings = await currentSettingsOf(scope);
  if (cache.size >= CACHED_BUSINESSES) cache.clear();
  cache.set(scope.businessId, { settings, until: Date.now() + CACHED_MS });
  return settings;
};

/** The settings of the caller's business as they are stored now. */
export const currentSettingsOf: SettingsOf = async (scope) => (await readSettings(scope)).settings;

/**
 * Reads the settings again if an attempt was judged by cached ones. For an attempt that is about to be refused, because no
 * refusal may rest on a rule that the business has changed.
 * @throws Conflict when they have changed: the attempt must start again, and then uses those that were read
 */
export const requireCurrentSettings = async (scope: BusinessScope): Promise<void> => {
  const used = cachedUsedBy.get(scope);
  if (used === undefined || isSameSettings(used, await readAndCache(scope))) return;
  throw new Conflict('The settings of the business have changed since they were cached.');
};

/** The current settings of the caller's business, and the version that a change must name: 0 when none were saved. */
export const readSettings = async (
  scope: BusinessScope,
): Promise<{ settings: BusinessSettings; version: number }> => {
  const stored = await modelOf(await connect(), 'business_settings')
    .findById(new Types.ObjectId(scope.businessId))
    .setOptions(queryOptions(scope))
    .lean();
  return { settings: toSettings(stored), version: stored?.version ?? 0 };
};

const toSettings = (stored: BusinessSettingsDocument | null): BusinessSettings => ({
  regularRequires: stored?.regularRequires ?? DEFAULT_SETTINGS.regularRequires,
  uniqueEmail: stored?.uniqueEmail ?? DEFAULT_SETTINGS.uniqueEmail,
  uniquePhone: stored?.uniquePhone ?? DEFAULT_SETTINGS.uniquePhone,
  defaultCountry: stored?.defaultCountry ?? DEFAULT_SETTINGS.defaultCountry,
  retentionDays: stored?.retentionDays === undefined ? DEFAULT_SETTINGS.retentionDays : stored.retentionDays,
  archiveAfterDays: stored?.archiveAfterDays ?? DEFAULT_SETTINGS.archiveAfterDays,
});

/** Stages settings that replace those of a version; version 0 means that none were saved before. */
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
      Promise.resolve(new Conflict('Another request saved the first settings of this business.')),
    );
    return;
  }
  stage(scope, { update: 'business_settings', filter: { _id, version }, change: { $set: document } });
};
