import * as z from 'zod';
import { ERASURE_GROUNDS, type Erasure } from '#lib/domain/rights/erasure.ts';

/** What is left of an erased customer outside of the database, or as proof, and why. */
export type Kept = Readonly<{ place: string; why: string }>;

const Time = z.iso.datetime();

/** The receipt of an erasure: ids, times and counts. It has no value of the person, so anybody may keep it. */
export const ErasureReceipt = z
  .object({
    erasureId: z.string().meta({ description: 'The id that the customer had.' }),
    status: z.enum(['running', 'done']),
    cause: z.enum(['request', 'retention']),
    ground: z.enum(ERASURE_GROUNDS).optional(),
    requestedAt: Time,
    finishedAt: Time.optional(),
    places: z.array(z.object({ place: z.string(), found: z.int(), left: z.int() })).meta({
      description:
        'How much each place had of the customer, and how much is left. The record itself is not counted: it is gone as soon ' +
        'as there is a receipt.',
    }),
    kept: z
      .array(z.object({ place: z.string(), why: z.string() }))
      .meta({ description: 'What is not removed, or not at once, and why.' }),
    ledgered: z
      .boolean()
      .meta({ description: 'Whether the erasure is also written down outside of the database.' }),
    confirmedBy: z
      .array(z.object({ service: z.string(), at: Time }))
      .meta({ description: 'The services that have said that they removed their copies, and when.' }),
  })
  .meta({ id: 'ErasureReceipt' });

/** What outlives an erasure and cannot be found by the customer: a hash that names nobody, and what is outside of the database. */
export const NOT_BY_CUSTOMER: readonly Kept[] = [
  {
    place: 'suppression',
    why: 'a hash of each address that refused something, so that the refusal still counts',
  },
  { place: 'access log', why: 'who saw the customer, by id only; for 13 months' },
  { place: 'backups of the database', why: 'they cannot be changed; for 35 days at most' },
];

/** Turns an erasure into its receipt. `kept` is what the collections keep, and why. */
export const toErasureReceipt = (
  { id, cause, ground, requestedAt, finishedAt, places, isLedgered, confirmedBy }: Erasure,
  kept: readonly Kept[],
) => ({
  erasureId: id,
  status: finishedAt === null ? ('running' as const) : ('done' as const),
  cause,
  ...(ground !== null && { ground }),
  requestedAt: requestedAt.toISOString(),
  ...(finishedAt !== null && { finishedAt: finishedAt.toISOString() }),
  places: [...places],
  kept: [...kept, ...NOT_BY_CUSTOMER],
  ledgered: isLedgered,
  confirmedBy: confirmedBy.map(({ service, at }) => ({ service, at: at.toISOString() })),
});
