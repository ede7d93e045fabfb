import * as z from 'zod';

const MOST_DAYS = 36_500;

const DAYS_RULE = `This must be a whole number from 1 to ${String(MOST_DAYS)}, or null.`;

const daysOrNull = z.int(DAYS_RULE).min(1, DAYS_RULE).max(MOST_DAYS, DAYS_RULE).nullable();
const regularRequires = z.enum(['email-and-phone', 'email-or-phone']);
const uniqueness = z
  .union([z.boolean(), z.literal('pending')])
  .meta({ description: '`pending`: switched on, and existing customers are still being checked.' });

/** The settings of a business in an answer. */
export const BusinessSettingsDto = z
  .object({
    regularRequires,
    uniqueEmail: uniqueness,
    uniquePhone: uniqueness,
    defaultCountry: z.string(),
    retentionDays: daysOrNull.meta({
      description: 'Days between deletion and purge. Null: deleted customers are never purged.',
    }),
    archiveAfterDays: daysOrNull.meta({
      description:
        'Days without a change after which the note of an archived customer leaves the database, until it is recalled. ' +
        'Null: it never does.',
    }),
  })
  .meta({ id: 'BusinessSettings' });

/** Settings to change: absent ones stay as they are. */
export const BusinessSettingsChanges = z
  .strictObject({
    regularRequires: regularRequires.optional(),
    uniqueEmail: z.boolean().optional(),
    uniquePhone: z.boolean().optional(),
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/, 'This must be two capital letters, an ISO 3166-1 code such as PL.')
      .optional(),
    retentionDays: daysOrNull.optional(),
    archiveAfterDays: daysOrNull.optional(),
  })
  .meta({
    id: 'BusinessSettingsChanges',
    description:
      'No request is refused by the settings from before. For up to 30 seconds, one may still be accepted by them.',
  });
