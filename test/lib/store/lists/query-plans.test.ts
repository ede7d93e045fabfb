import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { newCustomer } from '#lib/domain/customers/customer.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import {
  BUSINESS_CUSTOMER_INDEX,
  COUNT_INDEX,
  EMAIL_INDEX,
  orderIndex,
  PHONE_INDEX,
  REACH_INDEX,
  VISIT_INDEX,
} from '#lib/store/collections/customer-link.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import { countHistories } from '#lib/store/histories/count-histories.ts';
import { readKeyringNow } from '#lib/store/keys/request-keys.ts';
import { countOutdated } from '#lib/store/rotation/key-uses.ts';
import { takenValuesAmong, takenIdsAmong } from '#lib/store/customers/taken.ts';
import { countDue, purgeBatch } from '#lib/store/retention/purge.ts';
import { aGrant } from '#test/support/a-grant.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { addDue } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { plansOf as plansOfReads } from '#test/support/plans-of.ts';
import { testDatabaseEngine } from '#test/support/test-database.ts';
import { run, useService } from '#test/support/service.ts';

const service = useService('query-plans');
const business = aBusiness();
const CUSTOMERS = 600;
const OTHERS = 900;
/** Ten pages of twenty: the keys that a walk to the tenth page must examine. */
const WALKED = 200;

beforeAll(async () => {
  await addMany(business.businessId, CUSTOMERS, (index) => ({
    firstName: `First${String(index % 40)}`,
    lastName: `Last${String(index % 300)}`,
    email: `e${String(index)}@b.example`,
    phone: `48${String(500_000_000 + index)}`,
    state: index % 3 === 0 ? 'archived' : 'active',
  }));
  await addMany(aBusiness().businessId, OTHERS, () => ({ firstName: 'Other' }));
});

const plansOf = async (steps: () => Promise<unknown>) => {
  const plans = await plansOfReads(service, steps);
  expect(plans.length).toBeGreaterThan(0);
  return plans;
};
const print = (line: string) => void process.stdout.write(`query-plans: ${line}\n`);
type Query = Readonly<Record<string, string>>;
const deep = { page: '10', pageSize: '20' };
const linksOf = (plans: Awaited<ReturnType<typeof plansOf>>) =>
  plans.find(({ on, isPage }) => on === 'customer_link' && isPage);

/** How a page's links are found. */
const pagePlan = async (query: Query) => linksOf(await plansOf(() => business.find({ ...deep, ...query })));

/** What the page after the tenth, or after another one, reads. */
const cursorPlans = async (query: Query, asking = business) => {
  const { body } = await asking.find({ ...deep, ...query });
  const { page: _page, ...list } = { ...deep, ...query };
  return await plansOf(async () => {
    expect((await asking.find({ ...list, cursor: body.nextCursor })).status).toBe(200);
  });
};
const walking = (index: string) => ({ sortsInMemory: false, scansCollection: false, indexes: [index] });

/** How the links of recipients and of segments are found, counted and walked. */
const recipientPlans = async (question: object) =>
  await plansOf(async () => {
    expect((await business.recipients({ channel: 'email', pageSize: 20, ...question })).status).toBe(200);
  });

describe('recipients', () => {
  const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;
  it.each<[string, object, string]>([
    ['marketing to a segment', { segment: { visitsAtLeast: 0 } }, REACH_INDEX],
    ['marketing to who came', { segment: { lastVisitAfter: { daysAgo: 30 } } }, VISIT_INDEX],
    [
      'reminders to the active ones',
      { purpose: 'reminders', segment: { customerTypes: ['new'] } },
      orderIndex('createdKey', 'state'),
    ],
    [
      'reminders to those in several states',
      { purpose: 'reminders', segment: { states: ['active', 'archived'], createdAfter: day(1) } },
      orderIndex('createdKey'),
    ],
    [
      'reminders to who granted something else',
      { purpose: 'reminders', segment: { consent: { purpose: 'marketing', channel: 'email' } } },
      REACH_INDEX,
    ],
    [
      'reminders to ids',
      { purpose: 'reminders', customerIds: ['5f1d7f3a9c3b4e2d8a6c1b0a'] },
      BUSINESS_CUSTOMER_INDEX,
    ],
  ])(
    '%s: the page walks one index in its order, and nothing sorts or scans',
    async (_what, question, index) => {
      const plans = await recipientPlans(question);
      for (const plan of plans) {
        expect(plan).toMatchObject({ sortsInMemory: false, scansCollection: false });
        if (plan.on === 'customer_link' && plan.isPage) expect(plan.indexes).toEqual([index]);
      }
      expect(plans.some(({ isPage }) => isPage)).toBe(true);
    },
  );

  it('are counted on the counting index where no consent is asked', async () => {
    const { segmentId } = (
      await business.createSegment({ name: 'plans', definition: { customerTypes: ['new'], visitsAtMost: 3 } })
    ).body;
    const plans = await plansOf(() => business.segment(segmentId));
    const counted = plans.filter(({ on }) => on === 'customer_link');
    expect(counted).toMatchObject([{ indexes: [COUNT_INDEX], scansCollection: false, sortsInMemory: false }]);
  });

  it('with the address of an earlier one are found by the address', async () => {
    await business.chooseSettings({ uniqueEmail: false });
    const plans = await recipientPlans({ purpose: 'reminders', segment: { visitsAtLeast: 0 } });
    expect(plans.filter(({ indexes }) => indexes.includes(EMAIL_INDEX)).length).toBeGreaterThan(0);
    for (const plan of plans) expect(plan).toMatchObject({ sortsInMemory: false, scansCollection: false });
    await business.chooseSettings({ uniqueEmail: true });
  });
});

describe('a refusal', () => {
  it.each([
    ['email', EMAIL_INDEX],
    ['sms', PHONE_INDEX],
  ])('by %s finds others with the address by the address', async (channel, index) => {
    const shared = await added(business, { email: `shared-${channel}@b.example` });
    await business.chooseSettings({ uniqueEmail: false, uniquePhone: false });
    const { email, phone } = shared;
    const { _id: other } = await added(business, { email, phone });
    await business.record(other, [aGrant({ channel })]);
    const plans = await plansOf(async () => {
      const { status } = await business.record(shared._id, [aGrant({ channel, granted: false })]);
      expect(status).toBe(200);
    });
    expect(plans.filter(({ indexes }) => indexes.includes(index)).length).toBeGreaterThan(0);
    for (const plan of plans) expect(plan).toMatchObject({ sortsInMemory: false, scansCollection: false });
    await business.change(other, { email: null, phone: null, customerType: 'unregistered' });
    await business.chooseSettings({ uniqueEmail: true, uniquePhone: true });
  });
});

describe('no query scans a collection', () => {
  it('and all queries are checked here', async () => {
    const plans = await plansOf(() => business.find({ phrase: 'last29' }));
    for (const { indexes, isJoin } of plans)
      expect(indexes).toEqual([expect.any(String), ...(isJoin ? ['_id_'] : [])]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => business.get('5f1d7f3a9c3b4e2d8a6c1b0a')],
    ['look-up by email', () => business.lookUp({ email: 'e7@b.example' })],
    ['look-up by phone', () => business.lookUp({ phone: '48500000007' })],
    ['history', () => business.history('5f1d7f3a9c3b4e2d8a6c1b0a')],
    ['settings', () => business.settings()],
    ['a page by updatedSince', () => business.find({ updatedSince: '2026-01-01T00:00:00.000Z' })],
    ['a phrase', () => business.find({ phrase: 'last29' })],
    ['a phrase by name', () => business.find({ phrase: 'last29', orderBy: 'name' })],
    ['a phrase of two words', () => business.find({ phrase: 'last29 first9' })],
    ['a whole email as phrase', () => business.find({ phrase: 'e7@b.example' })],
    ['a type', () => business.find({ customerType: 'new' })],
    [
      'a create while both uniquenesses are pending',
      async () => {
        for (const isUnique of [false, true])
          await business.chooseSettings({ uniqueEmail: isUnique, uniquePhone: isUnique });
        await added(business);
      },
    ],
  ])('%s', async (_what, ask) => {
    for (const plan of await plansOf(ask)) expect(plan).toMatchObject({ scansCollection: false });
  });
});

describe('the queries of an import for each batch use an index, however many customers there are', () => {
  const BATCH = 200;
  const rules = { at: new Date(), settings: DEFAULT_SETTINGS };
  const batch = Array.from({ length: BATCH }, (_, index) => {
    const [email, phone] = [`e${String(index)}@b.example`, `48${String(500_000_000 + index)}`];
    return newCustomer(newId(), { customerType: 'new', email, phone }, rules);
  });
  const linksOnly = async (steps: () => Promise<unknown>) =>
    (await plansOf(steps)).filter(({ on }) => on === 'customer_link');

  it('ids', async () => {
    const [plan] = await linksOnly(() =>
      takenIdsAmong(
        batch.map(({ id }) => id),
        aScope(business.businessId),
      ),
    );
    expect(plan).toMatchObject(walking('business_customer_unique'));
  });

  it('emails and phones', async () => {
    const plans = await linksOnly(() =>
      takenValuesAmong(batch, DEFAULT_SETTINGS, aScope(business.businessId)),
    );
    expect(plans).toMatchObject([walking('business_email'), walking('business_phone')]);
    for (const { keysExamined } of plans) expect(keysExamined).toBeLessThanOrEqual(BATCH * 2);
  });
});

// `enforce-uniqueness` is not among them: it reads the settings of all businesses, one document each.
describe('no task that walks customers scans a collection', () => {
  it.each<[string, (event: any, context: any) => Promise<unknown>]>([
    ['reencrypt-customers', reencryptCustomers],
    ['verify-histories', verifyHistories],
  ])('%s', async (_name, task) => {
    const plans = await plansOf(() => run(task, {}));
    for (const plan of plans) expect(plan).toMatchObject({ scansCollection: false });
  });

  describe('to count its work, before it begins', () => {
    const [LINKS, ERASURES] = ['business_customer_unique', 'business_at'];
    const BOTH = [LINKS, ERASURES];
    const BOTH_TWICE = [LINKS, LINKS, ERASURES, ERASURES];
    const after = { businessId: business.businessId, customerId: newId() };

    it.each<[string, Parameters<typeof countHistories>[0], readonly string[]]>([
      ['of all businesses', {}, BOTH_TWICE],
      ['of all businesses after a place', { after }, BOTH_TWICE],
      ['of one business', { businessId: business.businessId }, BOTH],
      ['of one business after a place', { businessId: business.businessId, after }, BOTH],
    ])('histories %s', async (_what, walk, indexes) => {
      const plans = await plansOf(() => countHistories(walk, aSystemScope('verify-histories')));
      expect(plans).toMatchObject(indexes.map(walking));
    });

    it('records that need rewriting', async () => {
      const { keys } = await readKeyringNow();
      const [key] = keys.values();
      const ring = { current: 'k9', keys: new Map([...keys, ['k9', key!]]) };
      let counted = 0;
      const plans = await plansOf(async () => {
        counted = await countOutdated(ring, aSystemScope('reencrypt-customers'));
      });
      expect(counted).toBeGreaterThanOrEqual(CUSTOMERS + OTHERS);
      for (const plan of plans) expect(plan).toMatchObject(walking('key_use'));
    });
  });
});

const INDEX_OF: Readonly<Record<string, string>> = {
  createdAt: 'createdKey',
  updatedAt: 'updatedKey',
  name: 'nameKey',
  lastName: 'nameKey',
  firstName: 'firstKey',
};
const ORDERS = [...Object.keys(INDEX_OF), 'id'];
const SINCE = '2026-01-01T00:00:00.000Z';
const EVERYBODY_SINCE = '2020-01-01T00:00:00.000Z';

describe('a page is walked in the order of one index, without a sort', () => {
  it.each(ORDERS.flatMap((orderBy) => ['asc', 'desc'].map((orderDir) => [orderBy, orderDir] as const)))(
    'orderBy=%s&orderDir=%s',
    async (orderBy, orderDir) => {
      const key = INDEX_OF[orderBy];
      const plan = await pagePlan({ orderBy, orderDir });
      expect(plan).toMatchObject(walking(key === undefined ? 'business_customer_unique' : `business_${key}`));
      expect(plan?.keysExamined).toBeLessThanOrEqual(WALKED * 1.2);
    },
  );

  it.each(ORDERS.filter((orderBy) => orderBy !== 'id'))('state=archived&orderBy=%s', async (orderBy) => {
    const plan = await pagePlan({ orderBy, state: 'archived' });
    expect(plan).toMatchObject(walking(`business_state_${INDEX_OF[orderBy] ?? ''}`));
    expect(plan?.keysExamined).toBeLessThanOrEqual(WALKED * 1.2);
  });
});

describe('the exact number of a list is counted on the index by type and state', () => {
  it.each<[string, Query]>([
    ['all', {}],
    ['in one state', { state: 'archived' }],
    ['of one type', { customerType: 'new' }],
    ['of one type in one state', { customerType: 'new', state: 'archived' }],
  ])('%s', async (_what, query) => {
    const plans = await plansOf(() => business.find(query));
    const counted = plans.find((plan) => plan.on === 'customer_link' && !plan.isPage && !plan.isJoin);
    expect(counted).toMatchObject(walking('business_type_state'));
    print(`counted of ${String(CUSTOMERS)}, ${JSON.stringify(query)}: ${String(counted?.keysExamined)} keys`);
  });
});

describe('customers due to be purged are found on the index of purge dates', () => {
  const scope = aSystemScope('purge-deleted-customers');
  const DUE = 30;
  const BATCH = 5;
  beforeAll(async () => {
    await addDue(service, DUE);
  });

  it('in their order and without a sort, as many as a batch takes', async () => {
    const plan = linksOf(await plansOf(() => purgeBatch(BATCH, scope)));
    expect(plan).toMatchObject(walking('purge_due'));
    // Among them those that the batch has just purged.
    expect(plan?.keysExamined).toBeLessThanOrEqual(2 * BATCH);
  });

  it('and counted there, however many others are deleted', async () => {
    const plans = await plansOf(() => countDue(scope));
    expect(plans.map(({ indexes }) => indexes)).toContainEqual(['purge_due']);
  });
});

describe('the statistics are counted on an index of the fields they count by', () => {
  it('and open no document, where the engine can count without', async () => {
    const plans = await plansOf(() => business.statistics());
    const [byTypeAndState, newByDay] = plans.filter(({ on }) => on === 'customer_link');
    expect(byTypeAndState).toMatchObject({ ...walking('business_type_state'), opensDocuments: false });
    expect(newByDay).toMatchObject(walking('business_state_createdKey'));
    if (testDatabaseEngine() === 'documentdb')
      print('days: the embedded engine opens the document of each customer it counts, to read its key');
    else expect(newByDay?.opensDocuments).toBe(false);
  });

  it('and examine only the requested days', async () => {
    const plans = await plansOf(() => business.statistics({ from: '2020-01-01', to: '2020-12-31' }));
    const newByDay = plans.find(({ indexes }) => indexes.includes('business_state_createdKey'));
    expect(newByDay?.keysExamined).toBeLessThanOrEqual(5);
  });
});

describe('a page by cursor costs what page 1 costs: so many keys as it has customers, on one index', () => {
  /** One more shows whether another page follows; an engine may also examine the one before the page. */
  const KEYS = 22;

  it.each(ORDERS.flatMap((orderBy) => ['asc', 'desc'].map((orderDir) => [orderBy, orderDir] as const)))(
    'orderBy=%s&orderDir=%s, of all and of a state',
    async (orderBy, orderDir) => {
      const key = INDEX_OF[orderBy];
      const all = await cursorPlans({ orderBy, orderDir });
      // The links, and again with their customers; nothing is counted.
      expect(all.map(({ isPage: ofLinks, isJoin: ofBoth }) => [ofLinks, ofBoth])).toEqual([
        [true, false],
        [false, true],
      ]);
      expect(all[0]).toMatchObject(
        walking(key === undefined ? 'business_customer_unique' : `business_${key}`),
      );
      expect(all[0]?.keysExamined).toBeLessThanOrEqual(KEYS);

      const [archived] = await cursorPlans({ orderBy, orderDir, state: 'archived', page: '5' });
      const ofState = key === undefined ? 'business_customer_unique' : `business_state_${key}`;
      expect(archived).toMatchObject(walking(ofState));
      if (key !== undefined) expect(archived?.keysExamined).toBeLessThanOrEqual(KEYS);
    },
  );

  it.each(['asc', 'desc'])('of a sync in its own order, %s', async (orderDir) => {
    const [plan] = await cursorPlans({ orderBy: 'updatedAt', orderDir, updatedSince: SINCE });
    expect(plan).toMatchObject(walking('business_updatedKey'));
    expect(plan?.keysExamined).toBeLessThanOrEqual(KEYS);
  });

  it('among purged customers, many of them purged at the same time', async () => {
    const other = aBusiness();
    const businessId = new Types.ObjectId(other.businessId);
    const moments = Array.from(
      { length: 300 },
      (_, index) => new Date(Date.parse(SINCE) + Math.floor(index / 90)),
    );
    await service.database
      .collection('tombstone')
      .insertMany(moments.map((at) => ({ _id: new Types.ObjectId(), businessId, at })));
    // From the fourth page on, past the end of the first moment.
    const plans = await cursorPlans({ updatedSince: SINCE, page: '4' }, other);
    const tombstones = plans.filter(({ on }) => on === 'tombstone');
    expect(tombstones).toHaveLength(2);
    for (const plan of tombstones) {
      expect(plan).toMatchObject(walking('business_at'));
      expect(plan.keysExamined).toBeLessThanOrEqual(KEYS);
    }
  });
});

describe('duplicates are found', () => {
  /** Each of those plans, by its index. */
  const duplicatePlans = async (query: Query) =>
    (await plansOf(() => business.duplicates(query))).filter(({ on }) => on === 'customer_link');

  it('in slices of the order of ids, and by what the customers of a slice have in common with others', async () => {
    const plans = await duplicatePlans({});
    expect(new Set(plans.map(({ indexes }) => indexes.join()))).toEqual(
      new Set(['business_customer_unique', 'business_match']),
    );
    for (const plan of plans) expect(plan).toMatchObject({ sortsInMemory: false, scansCollection: false });
    for (const { keysExamined } of plans.filter(({ isPage }) => isPage))
      expect(keysExamined).toBeLessThanOrEqual(51);
  });

  it('of one customer by its own keys alone, whatever other customers there are', async () => {
    const { body } = await business.find({ phrase: 'e7@b.example' });
    const plans = await duplicatePlans({ customerId: body.items[0]._id });
    const [byKeys, ...others] = plans.filter(({ indexes }) => indexes.includes('business_match'));
    expect(others).toEqual([]);
    expect(byKeys).toMatchObject(walking('business_match'));
    // Its name, First7 Last7, is much like others here: twenty for each of its keys are looked at, and one more.
    expect(byKeys?.keysExamined).toBeLessThanOrEqual(16 * 20 + 1);
  });
});

describe('what a phrase or a sync finds', () => {
  /** MongoDB merges the walks of several tokens; the embedded engine sorts what they find. */
  const sortsTokens = { sortsInMemory: testDatabaseEngine() === 'documentdb', scansCollection: false };

  it.each<[Query, string, number]>([
    [{ phrase: 'last29' }, 'business_search', 22],
    [{ phrase: 'last29', orderBy: 'createdAt', orderDir: 'asc' }, 'business_search', 22],
    [{ phrase: 'e7@b.example' }, 'business_email', 1],
    [{ phrase: '48500000007' }, 'business_phone', 1],
    [{ phrase: 'last2 48500000007', orderBy: 'name' }, 'business_phone', 1],
  ])('%j is found on %s alone', async (query, index, found) => {
    const plan = linksOf(await plansOf(() => business.find(query)));
    expect(plan).toMatchObject({ scansCollection: false, indexes: [index] });
    expect(plan?.keysExamined).toBeLessThanOrEqual(found * 3);
  });

  it.each<[Query, string]>([
    [{ phrase: 'last2' }, 'business_search'],
    [{ phrase: 'last2', orderBy: 'name' }, 'business_search'],
    [{ phrase: 'last2', orderBy: 'id', orderDir: 'asc' }, 'business_search'],
    [{ updatedSince: SINCE, orderBy: 'name' }, 'business_updatedKey'],
    [{ updatedSince: SINCE, orderBy: 'id' }, 'business_updatedKey'],
    [{ updatedSince: SINCE, state: 'archived' }, 'business_state_updatedKey'],
  ])('%j is found on %s also after a cursor', async (query, index) => {
    const plan = linksOf(await cursorPlans({ ...query, page: '1' }));
    expect(plan).toMatchObject({ scansCollection: false, indexes: [index] });
    // Not those of other businesses; other tests here add a few.
    expect(plan?.keysExamined).toBeLessThanOrEqual(CUSTOMERS * 1.1);
    if (query['orderBy'] === undefined && 'phrase' in query) expect(plan).toMatchObject(sortsTokens);
  });

  describe('above 10,000 is not sorted', () => {
    const wide = aBusiness();
    const MOST_SORTED = 10_000;

    beforeAll(async () => {
      await addMany(wide.businessId, 1, () => ({ firstName: 'Wide', state: 'active' }));
      const links = service.database.collection('customer_link');
      const { _id, ...link } =
        (await links.findOne({ businessId: new Types.ObjectId(wide.businessId) })) ?? {};
      const copies = Array.from({ length: MOST_SORTED }, (_, index) => {
        const customerId = new Types.ObjectId();
        const key = `${String(1_700_000_000_000 + index)}${customerId.toHexString()}`;
        const keys = { createdKey: key, updatedKey: key, nameKey: key, firstKey: key };
        return { ...link, ...keys, customerId, state: 'archived' };
      });
      for (let first = 0; first < MOST_SORTED; first += 1_000) {
        await links.insertMany(copies.slice(first, first + 1_000));
      }
    }, 60_000);

    it.each<[Query, string]>([
      [{ phrase: 'wide', orderBy: 'name' }, 'business_nameKey'],
      [{ phrase: 'wide', orderBy: 'id' }, 'business_customer_unique'],
      [{ updatedSince: EVERYBODY_SINCE }, 'business_createdKey'],
      [{ updatedSince: EVERYBODY_SINCE, orderBy: 'id' }, 'business_customer_unique'],
    ])('%j walks %s, first and after a cursor', async (query, index) => {
      const first = linksOf(await plansOf(() => wide.find(query)));
      const next = linksOf(await cursorPlans(query, wide));
      for (const plan of [first, next]) {
        expect(plan).toMatchObject(walking(index));
        expect(plan?.keysExamined).toBeLessThanOrEqual(30);
      }
    });

    it('and a phrase in order of creation is found either way, without a sort', async () => {
      const plan = linksOf(await plansOf(() => wide.find({ phrase: 'wide' })));
      expect(plan).toMatchObject({ sortsInMemory: false, scansCollection: false });
      expect(plan?.keysExamined).toBeLessThanOrEqual(30);
    });

    it('and 10,000 are', async () => {
      const query = { phrase: 'wide', orderBy: 'name', state: 'archived' };
      const plan = linksOf(await plansOf(() => wide.find(query)));
      expect(plan).toMatchObject({
        sortsInMemory: true,
        scansCollection: false,
        indexes: ['business_search'],
      });
    });
  });
});
