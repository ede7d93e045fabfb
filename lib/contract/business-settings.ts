import * as z from 'zod';

const LONGEST_RETENTION_DAYS = 36_500;

const retentionDays = z.int().min(1).max(LONGEST_RETENTION_DAYS).nullable();
const regularRequires = z.enum(['email-and-phone', 'email-or-phone']);
const uniqueness = z
  .union([z.boolean(), z.literal('pending')])
  .meta({ description: '`pending`: switched on, while existing customers are being checked.' });

/** What a business chose, as it goes out. */
export const BusinessSettingsDto = z
  .object({
    regularRequires,
    uniqueEmail: uniqueness,
    uniquePhone: uniqueness,
    defaultCountry: z.string(),
    retentionDays: retentionDays.meta({
      description: 'Days between deletion and purge; null: never purged.',
    }),
  })
  .meta({ id: 'BusinessSettings' });

/** What to choose; what is not there stays. */
export const BusinessSettingsChanges = z
  .strictObject({
    regularRequires: regularRequires.optional(),
    uniqueEmail: z.boolean().optional(),
    uniquePhone: z.boolean().optional(),
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')
      .optional(),
    retentionDays: retentionDays.optional(),
  })
  .meta({ id: 'BusinessSettingsChanges' });
