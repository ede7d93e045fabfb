import { describe, expect, it } from '@jest/globals';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as replayErasures } from '#functions/rights/replay-erasures/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { ValueIndex } from '#test/support/canaries.ts';
import { copyDatabase, putBack } from '#test/support/database-copy.ts';
import { searchAtRest } from '#test/support/data-at-rest.ts';
import { makeDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('row-28');
const ERASED = sized({ short: 12, full: 100 });
const BYSTANDERS = sized({ short: 4, full: 50 });

describe('promise 28: erased data stays erased', () => {
  it(
    'after the database was put back: a replay, twice, leaves nobody readable and nobody findable',
    async () => {
      const business = aBusiness();
      const values = new ValueIndex();
      const customers: any[] = [];
      for (let count = 0; count < ERASED; count += 1) {
        const draft = aCustomer();
        for (const value of [draft.firstName, draft.lastName, draft.email, draft.phone, draft.note])
          if (value !== 'Anna Canary') values.add(value);
        const customer = await added(business, draft);
        const reason = `canary reason of ${customer._id}`;
        values.add(reason);
        await business.setState(customer._id, { state: 'suspended', reason });
        customers.push(customer);
      }
      // Some were merged, some are purged and not erased.
      const [survivor, loser, ...others] = customers;
      expect((await business.merge(survivor._id, { loserId: loser._id })).status).toBe(200);
      const purged = others.filter((_one, index) => index % 4 === 0);
      const bystanders: any[] = [];
      for (let count = 0; count < BYSTANDERS; count += 1) bystanders.push(await added(business));

      const copy = await copyDatabase(service);
      for (const { _id } of purged) await makeDue(service, business, _id);
      expect(await run(purge, { largestShare: 1 })).toMatchObject({ purged: purged.length });
      for (const { _id } of [survivor, ...others.filter((one) => !purged.includes(one))])
        expect([200, 202]).toContain((await business.erase(_id)).status);
      expect(await run(finishErasures, {})).toMatchObject({ outcome: 'finished', ledgered: ERASED });
      await putBack(service, copy);

      // Everybody is back, and some are held meanwhile.
      for (const { _id } of customers) expect((await business.get(_id)).status).toBe(200);
      for (const { _id } of others.slice(0, 3))
        expect((await business.placeHold(_id, 'a case at court')).status).toBe(200);

      const startedAt = Date.now();
      const first = await run(replayErasures, { dryRun: false });
      const ms = Date.now() - startedAt;
      expect(first).toMatchObject({ outcome: 'finished', returned: ERASED });
      expect(await run(finishErasures, {})).toMatchObject({
        outcome: 'finished',
        finished: ERASED,
        ledgered: 0,
      });
      const second = await expectNothingWritten(service, () => run(replayErasures, { dryRun: false }));
      expect(second).toMatchObject({ outcome: 'finished', returned: 0 });

      let [readable, findable] = [0, 0];
      for (const { _id, email, phone, lastName } of customers) {
        if ((await business.get(_id)).status !== 404) readable += 1;
        if ((await business.lookUp({ email })).status !== 404) findable += 1;
        if ((await business.lookUp({ phone })).status !== 404) findable += 1;
        for (const phrase of [email, lastName]) {
          const { items } = (await business.find({ phrase })).body;
          if (items.some((item: any) => item._id === _id)) findable += 1;
        }
        expect((await business.erasure(_id)).body).toMatchObject({ status: 'done', ledgered: true });
        expect(await countIn(service, 'tombstone', { _id })).toBe(1);
      }
      expect([readable, findable]).toEqual([0, 0]);
      const { found } = await searchAtRest(service, { secrets: values, all: values });
      expect(found).toEqual([]);
      expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({
        flawed: [],
        checked: ERASED + BYSTANDERS,
      });
      for (const one of bystanders) expect((await business.get(one._id)).body).toEqual(one);
      const lines = service.ledger.lines();
      expect(new Set(lines.map(({ customerId }) => customerId)).size).toBe(ERASED);
      expect(lines).toHaveLength(ERASED);
      report(
        28,
        `${ERASED} erased or purged (full: 100) with ${BYSTANDERS} others beside them, the database put back, replayed twice: ` +
          `${readable} readable, ${findable} findable, 0 of their values at rest, all ${ERASED + BYSTANDERS} histories verify; ` +
          `the first replay erased ${first.returned} in ${ms} ms, the second wrote nothing`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
