import { describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { makeDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('row-03-races');
const RACES = sized({ short: 30, full: 1_000 });

/** How many documents each collection has of a customer. */
const documentsOf = async (id: string): Promise<Record<string, number>> => ({
  customer: await countIn(service, 'customer', { _id: id }),
  link: await countIn(service, 'customer_link', { customerId: id }),
  restored: await countIn(service, 'customer_audit', { customerId: id, action: 'restore-customer' }),
  erasure: await countIn(service, 'erasure', { _id: id }),
  tombstone: await countIn(service, 'tombstone', { _id: id }),
});
const WHOLE = { customer: 1, link: 1, restored: 1, erasure: 0, tombstone: 0 };
const GONE = { customer: 0, link: 0, restored: 0, erasure: 1, tombstone: 1 };

describe('promise 3: the purge and a restore', () => {
  it(
    'race for a customer: it is there whole or gone whole',
    async () => {
      const business = aBusiness();
      const { _id: bystander } = await added(business);
      let restored = 0;
      // Who comes first gives the other a head start of one more read in the next race, so they meet in the middle.
      let reads = 0;
      const after = async <T>(count: number, step: () => Promise<T>): Promise<T> => {
        for (let read = 0; read < count; read += 1) await business.get(bystander);
        return await step();
      };
      for (let race = 0; race < RACES; race += 1) {
        const { _id } = await added(business);
        await makeDue(service, business, _id);
        const [answer, { purged }] = await Promise.all([
          after(reads, () => business.restore(_id)),
          after(-reads, () => run(purge, { largestShare: 1 })),
        ]);
        const isWhole = answer.status === 200;
        if (!isWhole) expectProblem(answer, 404, 'customer-not-found');
        expect(purged).toBe(Number(!isWhole));
        expect(await documentsOf(_id)).toEqual(isWhole ? WHOLE : GONE);
        expect((await business.get(_id)).status).toBe(isWhole ? 200 : 404);
        restored += Number(isWhole);
        reads += isWhole ? 1 : -1;
      }
      expect(Math.min(restored, RACES - restored)).toBeGreaterThan(0);
      report(
        3,
        `${RACES} races of a restore with the purge (full: 1,000): ${restored} restored whole, ${RACES - restored} purged whole`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
