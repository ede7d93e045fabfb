import * as z from 'zod';

const LONGEST_RETENTION_DAYS = 36_500;

const RETENTION_RULE = `This must be a whole number from 1 to ${String(LONGEST_RETENTION_DAYS)}, or null.`;

const retentionDays = z
  .int(RETENTION_RULE)
  .min(1, RETENTION_RULE)
  .max(LONGEST_RETENTION_DAYS, RETENTION_RULE)
  .nullable();
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
    retentionDays: retentionDays.meta({
      description: 'Days between deletion and purge. Null: deleted customers are never purged.',
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
    retentionDays: retentionDays.optional(),
  })
  .meta({
    id: 'BusinessSettingsChanges',
    description:
      'No request is refused by the settings from before. For up to 30 seconds, one may still be accepted by them.',
  });
