import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { COUNT_INDEX, FIRST_VISIT_INDEX, VISIT_INDEX } from '#lib/store/collections/customer-link.ts';
import { readPlan } from '#test/support/explain.ts';
import { addMany } from '#test/support/many-customers.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

const service = useService('visit-indexes');
const DAY_MS = 24 * 60 * 60 * 1_000;
const FIRST = Date.UTC(2026, 0, 1);
const VISITED = 60;
let businessId: Types.ObjectId;

beforeAll(async () => {
  const business = aBusinessId();
  businessId = new Types.ObjectId(business);
  const ids = await addMany(business, 600, (index) => ({ firstName: `First${String(index)}` }));
  const links = service.database.collection('customer_link');
  for (const [day, id] of ids.slice(0, VISITED).entries()) {
    const at = new Date(FIRST + day * DAY_MS);
    const set = { visitCount: 1 + day, firstVisitAt: at, lastVisitAt: at, visitKey: `${at.getTime()}${id}` };
    await links.updateOne({ customerId: new Types.ObjectId(id) }, { $set: set });
  }
});

const explain = async (command: object) => {
  const answer = await service.database.db?.command({ explain: command, verbosity: 'executionStats' });
  return readPlan(answer ?? {});
};

describe('the links of customers who came', () => {
  it('are found in the order of their last visits, without the others', async () => {
    const plan = await explain({
      find: 'customer_link',
      filter: { businessId, visitKey: { $gt: '0', $lt: String(FIRST + 30 * DAY_MS) } },
      sort: { visitKey: -1 },
      limit: 20,
      hint: VISIT_INDEX,
    });
    expect(plan).toMatchObject({ indexes: [VISIT_INDEX], scansCollection: false, sortsInMemory: false });
    expect(plan.keysExamined).toBeLessThanOrEqual(31);
  });

  it('are found by their first visit', async () => {
    const between = { $gte: new Date(FIRST), $lt: new Date(FIRST + 10 * DAY_MS) };
    const plan = await explain({
      find: 'customer_link',
      filter: { businessId, firstVisitAt: between },
      hint: FIRST_VISIT_INDEX,
    });
    expect(plan).toMatchObject({ indexes: [FIRST_VISIT_INDEX], scansCollection: false });
    expect(plan.keysExamined).toBeLessThanOrEqual(12);
  });

  it('are counted by an index', async () => {
    const plan = await explain({
      aggregate: 'customer_link',
      pipeline: [
        { $match: { businessId, state: 'active', visitCount: { $gte: 30 } } },
        { $group: { _id: 1, n: { $sum: 1 } } },
      ],
      cursor: {},
      hint: COUNT_INDEX,
    });
    expect(plan).toMatchObject({ indexes: [COUNT_INDEX], scansCollection: false });
  });
});
