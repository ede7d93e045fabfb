import { describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { addDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';

const service = useService('row-29');
const RACES = sized({ short: 40, full: 1_000 });
const REASON = 'a case at court';

/**
 * Runs a hold and something else at once, race after race. The one that came first gives the other a head start of one more
 * read in the next race, so the two soon meet in the middle of their work.
 */
const races = (read: () => Promise<unknown>) => {
  let readsBeforeHold = 0;
  const after = async <T>(reads: number, step: () => Promise<T>): Promise<T> => {
    for (let count = 0; count < reads; count += 1) await read();
    return await step();
  };
  return {
    run: <H, O>(hold: () => Promise<H>, other: () => Promise<O>): Promise<[H, O]> =>
      Promise.all([after(readsBeforeHold, hold), after(-readsBeforeHold, other)]),
    wonBy: (winner: 'hold' | 'other'): void => {
      readsBeforeHold += winner === 'hold' ? 1 : -1;
    },
  };
};

/** How many documents each collection has of a customer that was due. */
const documentsOf = async (id: string): Promise<Record<string, number>> => ({
  customer: await countIn(service, 'customer', { _id: id }),
  link: await countIn(service, 'customer_link', { customerId: id }),
  hold: await countIn(service, 'customer_audit', { customerId: id, action: 'place-legal-hold' }),
  heldEvent: await countIn(service, 'outbox', { customerId: id, type: 'hold-changed' }),
  purgedEvent: await countIn(service, 'outbox', { customerId: id, type: 'customer-purged' }),
  erasure: await countIn(service, 'erasure', { _id: id }),
  tombstone: await countIn(service, 'tombstone', { _id: id }),
});
const HELD = { customer: 1, link: 1, hold: 1, heldEvent: 1, purgedEvent: 0, erasure: 0, tombstone: 0 };
const PURGED = { customer: 0, link: 0, hold: 0, heldEvent: 0, purgedEvent: 1, erasure: 1, tombstone: 1 };

const ERASED = { ...PURGED, purgedEvent: 0, erasedEvent: 1, erasedEntry: 1 };
const NOT_ERASED = { ...HELD, erasedEvent: 0, erasedEntry: 0 };

/** How many documents each collection has of a customer whose erasure was asked for. */
const documentsOfErasure = async (id: string): Promise<Record<string, number>> => ({
  ...(await documentsOf(id)),
  erasedEvent: await countIn(service, 'outbox', { customerId: id, type: 'customer-erased' }),
  erasedEntry: await countIn(service, 'customer_audit', { customerId: id, action: 'erase-customer' }),
});
/** Every so many races, another customer was merged into the one that is raced for. */
const WITH_A_LOSER = 5;

const purging = () => run(purge, { largestShare: 1 });

describe('promise 29: a legal hold wins', () => {
  it(
    'a hold and the purge race for a customer: it is held whole or purged whole',
    async () => {
      const business = aBusiness();
      const { _id: bystander } = await added(business);
      const race = races(() => business.hold(bystander));
      const held: string[] = [];
      for (let count = 0; count < RACES; count += 1) {
        const [id = ''] = await addDue(service, 1, business);
        const [answer, { purged }] = await race.run(() => business.placeHold(id, REASON), purging);
        const isHeld = answer.status === 200;
        if (!isHeld) expectProblem(answer, 404, 'customer-not-found');
        expect(purged).toBe(Number(!isHeld));
        expect(await documentsOf(id)).toEqual(isHeld ? HELD : PURGED);
        if (isHeld) expect((await business.history(id)).body.verified).toBe(true);
        if (isHeld) held.push(id);
        race.wonBy(isHeld ? 'hold' : 'other');
      }
      const purged = RACES - held.length;
      expect(Math.min(held.length, purged)).toBeGreaterThan(0);
      expect((await purging()).purged).toBe(0);
      for (const id of held) expect((await business.releaseHold(id)).status).toBe(200);
      expect((await purging()).purged).toBe(held.length);
      report(
        29,
        `${String(RACES)} races of a hold and the purge (full: 1,000): ${String(held.length)} held, ${String(purged)} ` +
          'purged, each of them whole; after the release, the next run purged the others',
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'a hold and an erasure race for a customer and those merged into it: held whole or erased whole',
    async () => {
      const business = aBusiness();
      const { _id: bystander } = await added(business);
      const race = races(() => business.hold(bystander));
      let erased = 0;
      for (let count = 0; count < RACES; count += 1) {
        const { _id } = await added(business);
        const ids = [_id];
        if (count % WITH_A_LOSER === 0) {
          const loser = await added(business);
          await business.merge(_id, { loserId: loser._id });
          ids.push(loser._id);
        }
        const [hold, erasure] = await race.run(
          () => business.placeHold(_id, REASON),
          () => business.erase(_id),
        );
        const isErased = erasure.status === 200;
        if (isErased) expectProblem(hold, 404, 'customer-not-found');
        else expectProblem(erasure, 409, 'legal-hold');
        if (!isErased) expect(hold.status).toBe(200);
        for (const id of ids) expect(await documentsOfErasure(id)).toEqual(isErased ? ERASED : NOT_ERASED);
        if (!isErased) expect((await business.history(_id)).body.verified).toBe(true);
        erased += Number(isErased);
        race.wonBy(isErased ? 'other' : 'hold');
      }
      const held = RACES - erased;
      expect(Math.min(held, erased)).toBeGreaterThan(0);
      report(
        29,
        `${String(RACES)} races of a hold and an erasure (full: 1,000): ${String(held)} held and not erased, ` +
          `${String(erased)} erased, each of them whole, with those merged into them`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it.each(['survivor', 'loser'] as const)(
    'a hold of the %s and a merge race: the merge is refused whole, or done whole before the hold',
    async (side) => {
      const business = aBusiness();
      const { _id: bystander } = await added(business);
      const race = races(() => business.hold(bystander));
      let merged = 0;
      for (let count = 0; count < RACES / 2; count += 1) {
        const pair = { survivor: await added(business), loser: await added(business) };
        const { [side]: raced, survivor, loser } = pair;
        const [hold, merge] = await race.run(
          () => business.placeHold(raced._id, REASON),
          () => business.merge(survivor._id, { loserId: loser._id }),
        );
        expect(hold.status).toBe(200);
        const isMerged = merge.status === 200;
        if (!isMerged) expectProblem(merge, 409, 'legal-hold');
        const entries = await documentsIn(service, 'customer_audit', { customerId: raced._id });
        const actions = entries.toSorted((one, other) => one.seq - other.seq).map(({ action }) => action);
        const ofMerge = side === 'survivor' ? 'merge-customer' : 'merged-into';
        expect(actions).toEqual(['create-customer', ...(isMerged ? [ofMerge] : []), 'place-legal-hold']);
        const ofLoser = { customerId: loser._id, state: 'deleted', mergedInto: survivor._id };
        expect(await countIn(service, 'customer_link', ofLoser)).toBe(Number(isMerged));
        expect(await countIn(service, 'merge', { _id: loser._id })).toBe(Number(isMerged));
        for (const { _id } of [survivor, loser])
          expect((await business.history(_id)).body.verified).toBe(true);
        merged += Number(isMerged);
        race.wonBy(isMerged ? 'other' : 'hold');
      }
      const refused = RACES / 2 - merged;
      expect(Math.min(merged, refused)).toBeGreaterThan(0);
      report(
        29,
        `${String(RACES / 2)} races of a hold of the ${side} and a merge (full: 500): ${String(merged)} merged before ` +
          `the hold, ${String(refused)} refused, each of them whole`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
