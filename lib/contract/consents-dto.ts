import * as z from 'zod';
import {
  CHANNELS,
  type Consent,
  isProven,
  isSuppressed,
  LAWFUL_BASES,
  type Suppressions,
} from '#lib/domain/rights/consents.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import type { SentStatement } from '#lib/domain/rights/recorded-consents.ts';
import { Moment } from './customer-draft.ts';
import { MomentText } from './customer-dto.ts';

/** How many statements one request may record. */
export const MOST_STATEMENTS = 20;

/** A purpose: a word of the business, or one that is known. */
export const PurposeWord = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, {
  error: 'This must be 2 to 40 characters: a-z, 0-9 and hyphen, with a letter first.',
});
/** A reference and no text about a person: it allows no white space. */
const Reference = z.string().regex(/^[A-Za-z0-9._:/#-]{1,100}$/, {
  error: 'This must be 1 to 100 characters: letters, digits and ._:/#- without spaces.',
});

const statement = {
  purpose: PurposeWord.meta({
    description:
      'For example `order-updates`, `reminders`, `marketing`, `feedback`, `profiling`. All but the first two need a grant.',
  }),
  channel: z.enum(CHANNELS),
  granted: z.boolean(),
  source: PurposeWord.meta({
    description:
      'Where the person said it, for example `desk`, `form`, `booking-page`, `phone`, `paper`, `import`, `unsubscribe`.',
  }),
  lawfulBasis: z.enum(LAWFUL_BASES),
  textVersion: Reference.optional().meta({ description: 'Which text the person was shown.' }),
  proofRef: Reference.optional().meta({ description: 'Where the proof is kept, never the proof.' }),
};

/** What a person said, in a request. */
export const ConsentDraft = z
  .strictObject({
    ...statement,
    givenAt: Moment.optional().meta({
      description:
        'When the person said it: not before 1990, at most 5 minutes ahead. If absent: now, by the clock of the database.',
    }),
  })
  .meta({ id: 'ConsentDraft' });

/** What a person said, as it is kept. */
export const ConsentDto = z
  .object({
    ...statement,
    givenAt: MomentText,
    recordedAt: MomentText,
    by: z.enum(ROLES).meta({ description: 'The role of who recorded it.' }),
    proven: z.boolean().meta({
      description: 'False for a grant by consent that has neither `textVersion` nor `proofRef`.',
    }),
    suppressed: z.literal(true).optional().meta({
      description: 'A refusal that is kept for the present address outweighs this grant.',
    }),
  })
  .meta({ id: 'Consent' });

/** The statements of a request. */
export const toStatements = (drafts: readonly z.output<typeof ConsentDraft>[]): readonly SentStatement[] =>
  drafts.map(({ textVersion = null, proofRef = null, givenAt = null, ...draft }) => ({
    ...draft,
    textVersion,
    proofRef,
    givenAt,
  }));

/** An entry as it is answered. */
export const toConsentDto = (consent: Consent, suppressions: Suppressions): z.input<typeof ConsentDto> => ({
  purpose: consent.purpose,
  channel: consent.channel,
  granted: consent.granted,
  source: consent.source,
  lawfulBasis: consent.lawfulBasis,
  ...(consent.textVersion !== null && { textVersion: consent.textVersion }),
  ...(consent.proofRef !== null && { proofRef: consent.proofRef }),
  givenAt: consent.givenAt.toISOString(),
  recordedAt: consent.recordedAt.toISOString(),
  by: consent.role,
  proven: isProven(consent),
  ...(isSuppressed(consent, suppressions) && { suppressed: true as const }),
});
