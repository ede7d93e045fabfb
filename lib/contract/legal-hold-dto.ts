import * as z from 'zod';
import type { LegalHold } from '#lib/domain/rights/legal-hold.ts';
import { MomentText } from './customer-dto.ts';

/** Whether a customer is under a legal hold, in an answer. */
export const LegalHoldDto = z
  .object({
    _id: z.string().meta({ description: 'The customer, or the survivor if it was merged into another one.' }),
    legalHold: z.boolean(),
    since: MomentText.optional().meta({ description: 'Since when. Absent if it is not held.' }),
  })
  .meta({ id: 'LegalHold' });
export type LegalHoldDto = z.infer<typeof LegalHoldDto>;

/** The answer form of a customer's legal hold; null when it has none. */
export const toLegalHoldDto = (customerId: string, hold: LegalHold | null): LegalHoldDto => ({
  _id: customerId,
  legalHold: hold !== null,
  ...(hold?.since && { since: hold.since.toISOString() }),
});
