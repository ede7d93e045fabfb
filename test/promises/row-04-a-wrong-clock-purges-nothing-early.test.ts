import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { addDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn } from '#test/support/stored.ts';

const service = useService('row-04');
const COUNT = sized({ short: 20, full: 500 });
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/** Sets the clock of this process, and nothing else of it: timers run on. */
const setLambdaClock = (now: number): void => {
  jest.useFakeTimers({
    now,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
};
afterEach(() => {
  jest.useRealTimers();
});

/** Adds and deletes half of all, one after another. */
const deleteSome = async (business: ReturnType<typeof aBusiness>): Promise<{ _id: string }[]> => {
  const customers = [];
  for (let count = 0; count < COUNT / 2; count += 1) {
    const customer = await added(business);
    await business.delete(customer._id);
    customers.push(customer);
  }
  return customers;
};

describe('a wrong clock of a Lambda', () => {
  it.each([
    ['ten years behind', -10 * YEAR_MS],
    ['ten years ahead', 10 * YEAR_MS],
  ])(
    '%s: purges what is due by the database’s clock, and nothing early',
    async (_how, skewMs) => {
      const business = aBusiness();
      const realNow = Date.now();
      await deleteSome(business);
      const [due = ''] = await addDue(service, 1);

      setLambdaClock(realNow + skewMs);
      const deletedThen = await deleteSome(business);
      const outcome = await run(purge, { largestShare: 1 });
      jest.useRealTimers();

      expect(outcome).toMatchObject({ outcome: 'finished', due: 1, purged: 1 });
      const links = await countIn(service, 'customer_link', { businessId: business.businessId });
      report(
        4,
        `clock ${skewMs / YEAR_MS} years off, ${COUNT} deleted customers (full: 500): ${COUNT - links} purged early, 0 lost`,
      );
      expect(links).toBe(COUNT);
      for (const { _id } of deletedThen.slice(0, 3)) {
        const { purgeAfter } = await documentIn(service, 'customer_link', { customerId: _id });
        expect(Math.abs(purgeAfter.getTime() - realNow - 90 * 86_400_000)).toBeLessThan(10 * 60_000);
      }
      for (const collection of ['erasure', 'tombstone']) {
        const { at } = await documentIn(service, collection, { _id: due });
        expect(Math.abs(at.getTime() - realNow)).toBeLessThan(10 * 60_000);
      }
    },
    PROOF_TIMEOUT_MS,
  );
});
