/** Whether only one live customer may have an email or phone; `pending` while a job looks for conflicts. */
export type Uniqueness = boolean | 'pending';

/** The rules that each business chooses. */
export type BusinessSettings = Readonly<{
  /** The contact data that a regular customer must have. */
  regularRequires: 'email-and-phone' | 'email-or-phone';
  uniqueEmail: Uniqueness;
  uniquePhone: Uniqueness;
  /** ISO 3166-1 alpha-2 code of the country assumed for a phone number without a country code. */
  defaultCountry: string;
  /** Days between deletion and purge; null: deleted customers are never purged. */
  retentionDays: number | null;
  /** Days without a change after which an archived customer goes to the archive; null: none ever goes there. */
  archiveAfterDays: number | null;
}>;

/** The settings of a business that has not changed any. */
export const DEFAULT_SETTINGS: BusinessSettings = {
  regularRequires: 'email-and-phone',
  uniqueEmail: true,
  uniquePhone: true,
  defaultCountry: 'PL',
  retentionDays: 90,
  archiveAfterDays: null,
};

/** Settings to change; absent ones stay as they are. Only the job that looks for conflicts ends `pending`. */
export type SettingsChanges = Readonly<{
  regularRequires?: BusinessSettings['regularRequires'] | undefined;
  uniqueEmail?: boolean | undefined;
  uniquePhone?: boolean | undefined;
  defaultCountry?: string | undefined;
  retentionDays?: number | null | undefined;
  archiveAfterDays?: number | null | undefined;
}>;

/** Whether two settings are equal in every rule. */
export const isSameSettings = (one: BusinessSettings, other: BusinessSettings): boolean =>
  one.regularRequires === other.regularRequires &&
  one.uniqueEmail === other.uniqueEmail &&
  one.uniquePhone === other.uniquePhone &&
  one.defaultCountry === other.defaultCountry &&
  one.retentionDays === other.retentionDays &&
  one.archiveAfterDays === other.archiveAfterDays;

/** Whether new writes must respect uniqueness. They must while it is `pending`, or the job would never finish. */
export const uniquenessHeld = (setting: Uniqueness): boolean => setting !== false;

const changeUniqueness = (setting: Uniqueness, wanted: boolean | undefined): Uniqueness => {
  if (wanted === undefined) return setting;
  if (!wanted) return false;
  return setting === false ? 'pending' : setting;
};

/**
 * The settings after a change, or the same object if nothing changed. Switching uniqueness on gives `pending`, because
 * live customers may already share an email or phone.
 */
export const changeSettings = (settings: BusinessSettings, changes: SettingsChanges): BusinessSettings => {
  const changed: BusinessSettings = {
    regularRequires: changes.regularRequires ?? settings.regularRequires,
    uniqueEmail: changeUniqueness(settings.uniqueEmail, changes.uniqueEmail),
    uniquePhone: changeUniqueness(settings.uniquePhone, changes.uniquePhone),
    defaultCountry: changes.defaultCountry ?? settings.defaultCountry,
    retentionDays: changes.retentionDays === undefined ? settings.retentionDays : changes.retentionDays,
    archiveAfterDays:
      changes.archiveAfterDays === undefined ? settings.archiveAfterDays : changes.archiveAfterDays,
  };
  return isSameSettings(settings, changed) ? settings : changed;
};
