/** Whether an email or phone belongs to one live customer only; `pending` while a job looks for conflicts. */
export type Uniqueness = boolean | 'pending';

/** What each business decides for itself. */
export type BusinessSettings = Readonly<{
  /** What a regular customer must have. */
  regularRequires: 'email-and-phone' | 'email-or-phone';
  uniqueEmail: Uniqueness;
  uniquePhone: Uniqueness;
  /** ISO 3166-1 alpha-2: where a phone number without a country code is from. */
  defaultCountry: string;
  /** Days between deletion and purge; null keeps deleted customers for ever. */
  retentionDays: number | null;
}>;

/** What holds until a business says otherwise. */
export const DEFAULT_SETTINGS: BusinessSettings = {
  regularRequires: 'email-and-phone',
  uniqueEmail: true,
  uniquePhone: true,
  defaultCountry: 'PL',
  retentionDays: 90,
};

/** The settings to set; what is not there stays. Only the job that lists conflicts ends `pending`. */
export type SettingsChanges = Readonly<{
  regularRequires?: BusinessSettings['regularRequires'] | undefined;
  uniqueEmail?: boolean | undefined;
  uniquePhone?: boolean | undefined;
  defaultCountry?: string | undefined;
  retentionDays?: number | null | undefined;
}>;

/**
 * Whether new writes must respect it: a pending one is already held, or the job would never come to an end.
 */
export const uniquenessHeld = (setting: Uniqueness): boolean => setting !== false;

const changeUniqueness = (setting: Uniqueness, wanted: boolean | undefined): Uniqueness => {
  if (wanted === undefined) return setting;
  if (!wanted) return false;
  return setting === false ? 'pending' : setting;
};

/**
 * The settings after a change; the same object when nothing changes. Switching a uniqueness on gives
 * `pending`: two live customers may share an email or phone by now.
 */
export const changeSettings = (settings: BusinessSettings, changes: SettingsChanges): BusinessSettings => {
  const changed: BusinessSettings = {
    regularRequires: changes.regularRequires ?? settings.regularRequires,
    uniqueEmail: changeUniqueness(settings.uniqueEmail, changes.uniqueEmail),
    uniquePhone: changeUniqueness(settings.uniquePhone, changes.uniquePhone),
    defaultCountry: changes.defaultCountry ?? settings.defaultCountry,
    retentionDays: changes.retentionDays === undefined ? settings.retentionDays : changes.retentionDays,
  };
  const isSame =
    changed.regularRequires === settings.regularRequires &&
    changed.uniqueEmail === settings.uniqueEmail &&
    changed.uniquePhone === settings.uniquePhone &&
    changed.defaultCountry === settings.defaultCountry &&
    changed.retentionDays === settings.retentionDays;
  return isSame ? settings : changed;
};
