import { describe, expect, it } from '@jest/globals';
import { aBusiness } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('row-07');
const ROUNDS = sized({ short: 1, full: 200 });
const AT_ONCE = 100;
const AMPLE_MS = 60_000;

describe('no duplicate under a race', () => {
  it.each([
    ['email', 'duplicate-email'],
    ['phone', 'duplicate-phone'],
  ] as const)(
    'of 100 equal creates at once one is answered 201, by %s',
    async (field, code) => {
      const answers: Answer[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const business = aBusiness();
        const shared = aCustomer()[field];
        const creates = Array.from({ length: AT_ONCE }, () =>
          business.create(aCustomer({ [field]: shared }), { remainingMs: AMPLE_MS }),
        );
        answers.push(...(await Promise.all(creates)));
        expect((await business.find()).body.totalSize).toBe(1);
      }
      report(7, `${AT_ONCE} equal creates by ${field} x ${ROUNDS} rounds (full: 200): ${tally(answers)}`);
      expect(tally(answers)).toBe(`${ROUNDS} x 201, ${ROUNDS * (AT_ONCE - 1)} x 409 ${code}`);
      const links = await countIn(service, 'customer_link');
      for (const collection of ['customer', 'customer_audit', 'outbox']) {
        expect(await countIn(service, collection)).toBe(links);
      }
    },
    PROOF_TIMEOUT_MS,
  );
});
