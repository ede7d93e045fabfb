import { afterAll, describe, expect, it } from '@jest/globals';
import { aGrant } from '#test/support/a-grant.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { testDatabaseEngine } from '#test/support/test-database.ts';
import { tokenOf, useLink } from '#test/support/unsubscribing.ts';

useService('withdrawal-races');
const business = aBusiness();
const RACES = sized({ short: 24, full: 1_000 });
const AT_ONCE = 2;
let [shown, notShown] = [0, 0];

/** One customer withdraws while pages are read: by the link, or at the desk. */
const race = async (round: number): Promise<void> => {
  const { _id } = await added(business);
  expect((await business.record(_id, [aGrant()])).status).toBe(200);
  const question = { channel: 'email', customerIds: [_id] };
  const read = async (): Promise<boolean> => {
    const answer = await business.recipients(question);
    expect(answer.status).toBe(200);
    return answer.body.items.length > 0;
  };
  let isWithdrawn = false;
  const withdraw = async (): Promise<void> => {
    const { status } =
      round % 2 === 0
        ? await useLink(tokenOf(business, { customerId: _id }))
        : await business.record(_id, [{ ...aGrant(), granted: false }]);
    // On a machine with too much to do, it comes again, as a mail program sends it again.
    if (status === 503) {
      await withdraw();
      return;
    }
    expect(status).toBe(200);
    isWithdrawn = true;
  };
  const readers = Array.from({ length: 2 }, async () => {
    for (let page = 0, more = true; more; page += 1) {
      const isAfter = isWithdrawn;
      const isShown = await read();
      // What was asked for after the answer to the withdrawal must know of it.
      if (isAfter) expect(isShown).toBe(false);
      if (isShown) shown += 1;
      else notShown += 1;
      more = !isAfter && page < 20;
    }
  });
  await Promise.all([withdraw(), ...readers]);
  expect(await read()).toBe(false);
};

describe('a withdrawal', () => {
  it(
    'that was committed before a page is read is not on it, whatever happens at the same time',
    async () => {
      for (let round = 0; round < RACES; round += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => race(round + index)));
    },
    PROOF_TIMEOUT_MS,
  );

  afterAll(() => {
    process.stdout.write(
      `recipients: ${String(RACES)} races of a withdrawal and pages: ${String(shown)} pages before it, ${String(notShown)} without ` +
        `it, 0 with it that were read after it was committed [${testDatabaseEngine()}]\n`,
    );
  });
});
