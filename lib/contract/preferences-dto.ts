import * as z from 'zod';
import type { Preferences } from '#lib/domain/activity/preferences.ts';
import { CHANNELS } from '#lib/domain/rights/consents.ts';
import { ObjectIdText } from './customer-draft.ts';

/** How many services, or specialists, one customer may prefer. */
const MOST_PREFERRED = 100;
const NAME_LENGTH = 200;
const TAX_ID_LENGTH = 50;
const ADDRESS_LENGTH = 500;
const EMAIL_LENGTH = 254;

const text = (longest: number) => z.string().max(longest).nullable().optional();
const someIds = z.array(ObjectIdText).max(MOST_PREFERRED).nullable().optional();

/** A language tag of RFC 5646, in its usual parts: a language, a script, a region. */
const LanguageTag = z.string().regex(/^[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|\d{3}))?$/, {
  error: 'This must be a language tag such as pl or de-AT.',
});

/** Preferences to set. */
export const PreferenceChanges = z
  .strictObject({
    channel: z.enum(CHANNELS).nullable().optional().meta({ description: 'It is no consent.' }),
    language: LanguageTag.nullable().optional(),
    services: someIds.meta({ description: 'Ids of services. An empty list clears, as null does.' }),
    specialists: someIds.meta({ description: 'Ids of specialists, likewise.' }),
    invoicing: z
      .strictObject({
        name: text(NAME_LENGTH),
        taxId: text(TAX_ID_LENGTH),
        address: text(ADDRESS_LENGTH),
        email: text(EMAIL_LENGTH),
      })
      .nullable()
      .optional()
      .meta({ description: 'Its parts are set likewise: an absent one stays, null clears it.' }),
  })
  .meta({
    id: 'PreferenceChanges',
    description: 'An absent preference stays as it is; null or a blank text clears it.',
  });

const nullableText = z.string().nullable();

/** What an invoice for a customer has to say. Only types are checked: it was checked when it was written. */
export const InvoicingDto = z
  .object({ name: nullableText, taxId: nullableText, address: nullableText, email: nullableText })
  .nullable()
  .meta({ description: 'Roles that see emails and phones masked see null.' });

/** All preferences of a customer. */
export const PreferencesDto = z
  .object({
    channel: z.enum(CHANNELS).nullable(),
    language: nullableText,
    services: z.array(z.string()).nullable(),
    specialists: z.array(z.string()).nullable(),
    invoicing: InvoicingDto,
  })
  .meta({ id: 'Preferences', description: 'Null where nothing is known.' });
export type PreferencesDto = z.infer<typeof PreferencesDto>;

/** The answer form of preferences. */
export const toPreferencesDto = (preferences: Preferences): PreferencesDto => ({
  channel: preferences.channel,
  language: preferences.language,
  services: preferences.services === null ? null : [...preferences.services],
  specialists: preferences.specialists === null ? null : [...preferences.specialists],
  invoicing: preferences.invoicing,
});
