import { accepted, ok } from '#lib/contract/route.ts';
import { type Kept, toErasureReceipt } from '#lib/contract/erasure-receipt.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound, heldByLaw, requireVersion } from '#lib/domain/refusals.ts';
import type { Erasure } from '#lib/domain/rights/erasure.ts';
import type { UseCaseInParts } from '#lib/serve/serve-in-parts.ts';
import type {
  beginErasures,
  countDoomed,
  countMerges,
  Doomed,
  findDoomed,
  requireSurvivor,
} from '#lib/store/rights/begin-erasure.ts';
import type { finishOwn } from '#lib/store/rights/erasures.ts';
import type { Place } from '#lib/store/rights/places.ts';
import type { contract } from './contract.ts';

type Needs = {
  requireSurvivor: typeof requireSurvivor;
  findErasure: (id: string, scope: BusinessScope) => Promise<Erasure | null>;
  findDoomed: typeof findDoomed;
  countDoomed: typeof countDoomed;
  countMerges: typeof countMerges;
  beginErasures: typeof beginErasures;
  finishOwn: typeof finishOwn;
  places: readonly Place[];
  kept: readonly Kept[];
  now: () => Date;
};

/** A transaction erases at most this many customers, about six writes each. */
const MOST_AT_ONCE = 100;
/** The sweep stops this long before the deadline, so that the answer can still be sent. */
const SPARE_MS = 1_000;

const THEN = {
  begin: 'deleted',
  sweep: 'deleted',
  'handing over': 'deleted',
  shredding: 'deleted',
  blanking: 'blanked',
  emptying: 'blanked',
  keeping: 'kept',
} as const;

/**
 * Erases a customer and everybody who was merged into it. From the first transaction on nobody can read or find them. Then
 * every place is emptied; what is not done before the deadline, `finish-erasures` does. Asked again, it answers the same
 * receipt, whatever version is named.
 */
export const eraseCustomer =
  (needs: Needs): UseCaseInParts<typeof contract> =>
  async ({ params: { id }, body: { reason, ground, dryRun }, ifMatch }, scope, save) => {
    const doomed = await needs.findDoomed(id, scope);
    const customer = doomed.at(-1);
    if (customer === undefined) return await receiptOf(id);
    await needs.requireSurvivor(doomed, scope);
    requireVersion(customer.link, ifMatch);
    const isHeld = doomed.some((one) => one.isHeld);
    if (isHeld && !dryRun) throw heldByLaw();
    const counts = await needs.countDoomed(doomed, scope);
    if (dryRun)
      return ok({
        ...{ dryRun: true as const, held: isHeld },
        ...dryRunOf(doomed, await needs.countMerges(doomed, scope)),
      });
    const request = { reason, ground, at: needs.now(), counts };
    for (let from = 0; from < doomed.length; from += MOST_AT_ONCE) {
      await needs.beginErasures(doomed.slice(from, from + MOST_AT_ONCE), request, scope);
      await save();
    }
    const group = { businessId: scope.businessId, customerIds: doomed.map((one) => one.id) };
    await needs.finishOwn(group, scope.deadline - SPARE_MS, scope);
    return await receiptOf(id);

    async function receiptOf(erased: string) {
      const erasure = await needs.findErasure(erased, scope);
      if (erasure === null) throw customerNotFound();
      const receipt = toErasureReceipt(erasure, needs.kept);
      return receipt.status === 'done' ? ok(receipt) : accepted(receipt);
    }

    function dryRunOf(all: readonly Doomed[], merges: number) {
      const atBegin = (place: string): number => (place === 'merge' ? merges : all.length);
      const found = (place: string): number =>
        all.reduce((sum, one) => sum + (counts.get(one.id)?.get(place) ?? 0), 0);
      return {
        places: needs.places.map(({ name, erasing }) => ({
          place: name,
          ...(erasing.by !== 'keeping' && { found: erasing.by === 'begin' ? atBegin(name) : found(name) }),
          then: THEN[erasing.by],
          ...('why' in erasing && { why: erasing.why }),
        })),
        merged: all.map((one) => one.id).filter((one) => one !== id),
      };
    }
  };
