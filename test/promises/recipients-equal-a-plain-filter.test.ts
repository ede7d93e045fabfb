import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import type { Sending, Whom } from '#lib/domain/messages/recipients.ts';
import {
  resolvedMoment,
  type SegmentDefinition,
  type SegmentMoment,
  SEGMENT_STATES,
} from '#lib/domain/messages/segment.ts';
import { countMembers } from '#lib/store/lists/recipient-counts.ts';
import { readRecipients, type RecipientPage } from '#lib/store/lists/recipients.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { fc } from '#test/support/fast-check.ts';
import { addMany } from '#test/support/many-customers.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { SEED } from '#test/support/seed.ts';
import { useService } from '#test/support/service.ts';
import { testDatabaseEngine } from '#test/support/test-database.ts';
import { visitFields } from '#test/support/visits.ts';

const service = useService('recipients-model');
const business = aBusiness();
const PEOPLE = sized({ short: 240, full: 2_000 });
const QUESTIONS = sized({ short: 60, full: 5_000 });
const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW = Date.now();
const daysAgo = (days: number): Date => new Date(NOW - days * DAY_MS);
const SETTINGS = { ...DEFAULT_SETTINGS, uniqueEmail: false, uniquePhone: false };
const PURPOSES = ['marketing', 'feedback', 'reminders'];
const CHANNELS = ['email', 'sms', 'push'] as const;
const MATTERS = PURPOSES.flatMap((purpose) => CHANNELS.map((channel) => `${purpose}:${channel}`));

/** What is stored of a customer, as far as a plain filter needs it. */
type Person = { email: string | null; phone: string | null; link: any };
let people: Person[] = [];
/** The same values in each run. */
const draw = (index: number, salt: number, many: number): number =>
  Math.abs(Math.imul(index * 31 + salt * 7_919 + 17, 2_654_435_761) >> 7) % many;

const emailOf = (index: number): string | null =>
  draw(index, 1, 5) === 0 ? null : `canary-e${String(draw(index, 2, PEOPLE / 3))}@example.com`;
const phoneOf = (index: number): string | null =>
  draw(index, 3, 4) === 0 && emailOf(index) !== null
    ? null
    : `+4860${String(1_000_000 + draw(index, 4, PEOPLE / 2))}`;

beforeAll(async () => {
  await business.chooseSettings({ uniqueEmail: false, uniquePhone: false });
  const ids = await addMany(business.businessId, PEOPLE, (index) => ({
    firstName: `Canary${String(index)}`,
    customerType: CUSTOMER_TYPES[draw(index, 5, 3) + 1] ?? 'new',
    email: emailOf(index),
    phone: phoneOf(index),
    state:
      (['active', 'active', 'active', 'suspended', 'archived', 'deleted'] as const)[draw(index, 6, 6)] ??
      'active',
    at: daysAgo(draw(index, 7, 60) + 1),
    settings: SETTINGS,
  }));
  await addMany(aBusiness().businessId, PEOPLE / 4, (index) => ({ firstName: `Canary${String(index)}` }));
  const links = service.database.collection('customer_link');
  await links.bulkWrite(
    ids.map((id, index) => {
      const has = (channel: string) =>
        channel === 'push' || (channel === 'email' ? emailOf(index) : phoneOf(index)) !== null;
      const said = MATTERS.map((matter, at) => ({ matter, word: draw(index, 20 + at, 4) }));
      const granted = said.filter(({ word }) => word === 1 || word === 2).map(({ matter }) => matter);
      const count = draw(index, 8, 6);
      const last = draw(index, 9, 50);
      const visits = { count, last, first: last + draw(index, 10, 50) };
      return {
        updateOne: {
          filter: { customerId: new Types.ObjectId(id) },
          update: {
            $set: {
              ...visitFields(id, visits, NOW),
              // Some said nothing at all.
              ...(draw(index, 11, 5) > 0 && {
                granted,
                refused: said.filter(({ word }) => word === 3).map(({ matter }) => matter),
                mayReach: granted.filter((matter) => has(matter.split(':')[1]!)),
              }),
            },
          },
        },
      };
    }),
  );
  const stored = await links.find({ businessId: new Types.ObjectId(business.businessId) }).toArray();
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  people = stored.map((link) => {
    const index = indexOf.get(String(link['customerId'])) ?? 0;
    return { email: emailOf(index), phone: phoneOf(index), link };
  });
}, PROOF_TIMEOUT_MS);

const meaning = (state: string): string => (state === 'inactive' ? 'suspended' : state);

/** Whether a customer meets a definition, condition by condition. */
const belongs = ({ link }: Person, definition: SegmentDefinition): boolean => {
  const inTime = (at: Date | undefined, after?: SegmentMoment, before?: SegmentMoment): boolean => {
    if (after === undefined && before === undefined) return true;
    if (at === undefined) return false;
    const now = new Date(NOW);
    return (
      (after === undefined || at >= resolvedMoment(after, now)) &&
      (before === undefined || at < resolvedMoment(before, now))
    );
  };
  const { states = ['active'], customerTypes, visitsAtLeast = 0, visitsAtMost = Infinity } = definition;
  const { consent } = definition;
  return (
    states.map(meaning).includes(link.state) &&
    (customerTypes === undefined || customerTypes.includes(link.customerType)) &&
    inTime(link.createdAt, definition.createdAfter, definition.createdBefore) &&
    inTime(link.lastVisitAt, definition.lastVisitAfter, definition.lastVisitBefore) &&
    inTime(link.firstVisitAt, definition.firstVisitAfter, definition.firstVisitBefore) &&
    link.visitCount >= visitsAtLeast &&
    link.visitCount <= (definition.neverVisited === true ? 0 : visitsAtMost) &&
    (consent === undefined || (link.mayReach ?? []).includes(`${consent.purpose}:${consent.channel}`))
  );
};

const addressOf = ({ email, phone }: Person, channel: string): string | null =>
  channel === 'email' ? email : channel === 'sms' ? phone : null;

/** Why a customer gets nothing; null for who gets it. */
const reasonAgainst = (person: Person, { purpose, channel }: Sending): string | null => {
  const { state, mayReach = [], refused = [] } = person.link;
  const matter = `${purpose}:${channel}`;
  if (state === 'deleted') return 'notLive';
  if (channel !== 'push' && addressOf(person, channel) === null) return 'noAddress';
  if (purpose === 'marketing' && state !== 'active') return 'notAllowed';
  const isAllowed = purpose === 'reminders' ? !refused.includes(matter) : mayReach.includes(matter);
  return isAllowed ? null : 'notAllowed';
};

const idOf = ({ link }: Person): string => String(link.customerId);

/** What the pages should say. */
const expected = (whom: Whom, sending: Sending) => {
  const asked =
    'ids' in whom
      ? people.filter((person) => whom.ids.includes(idOf(person)))
      : people.filter((person) => belongs(person, whom.definition));
  const excluded = {
    notFound: 'ids' in whom ? whom.ids.length - asked.length : 0,
    notLive: 0,
    noAddress: 0,
    notAllowed: 0,
  };
  const chosen: Person[] = [];
  for (const person of asked) {
    const reason = reasonAgainst(person, sending);
    if (reason === null) chosen.push(person);
    else excluded[reason as keyof typeof excluded] += 1;
  }
  const earliest = new Map<string, Person>();
  for (const person of chosen) {
    const address = addressOf(person, sending.channel);
    if (address === null) continue;
    const known = earliest.get(address);
    if (known === undefined || person.link.createdKey < known.link.createdKey) earliest.set(address, person);
  }
  const recipients = chosen.map((person) => {
    const address = addressOf(person, sending.channel);
    const first = address === null ? person : earliest.get(address)!;
    return first === person ? [idOf(person), address, null] : [idOf(person), null, idOf(first)];
  });
  return { total: chosen.length, excluded, recipients: recipients.sort() };
};

const moment = fc.oneof(
  fc.record({ daysAgo: fc.integer({ min: 1, max: 90 }) }),
  fc.integer({ min: 0, max: 90 }).map(daysAgo),
);
const some = <T>(values: readonly T[]) => fc.subarray<T>([...values], { minLength: 1 });
const definition: fc.Arbitrary<SegmentDefinition> = fc.record(
  {
    states: some(SEGMENT_STATES),
    customerTypes: some(CUSTOMER_TYPES),
    createdAfter: moment,
    createdBefore: moment,
    lastVisitAfter: moment,
    lastVisitBefore: moment,
    firstVisitAfter: moment,
    firstVisitBefore: moment,
    visitsAtLeast: fc.nat(4),
    visitsAtMost: fc.nat(5),
    neverVisited: fc.constant(true as const),
    consent: fc.record({ purpose: fc.constantFrom(...PURPOSES), channel: fc.constantFrom(...CHANNELS) }),
  },
  { requiredKeys: [] },
);
/** Fewer conditions: most definitions with many of them match nobody. */
const sparse = definition.chain((all) =>
  fc
    .subarray(Object.keys(all), { maxLength: 3 })
    .map(
      (kept) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => kept.includes(name))) as SegmentDefinition,
    ),
);
const ids = fc
  .tuple(fc.uniqueArray(fc.nat(PEOPLE - 1), { minLength: 1, maxLength: 60 }), fc.nat(3))
  .map(([places, unknown]): Whom => ({
    ids: [
      ...places.map((place) => idOf(people[place]!)),
      ...Array.from({ length: unknown }, (_, index) => `${'f'.repeat(23)}${String(index)}`),
    ].sort(),
  }));
const question = fc.record({
  whom: fc.oneof(
    { weight: 5, arbitrary: sparse.map((one): Whom => ({ definition: one })) },
    { weight: 1, arbitrary: ids },
  ),
  sending: fc.record({ purpose: fc.constantFrom(...PURPOSES), channel: fc.constantFrom(...CHANNELS) }),
  pageSize: fc.constantFrom(9, 50, 500),
  mostWalked: fc.constantFrom(40, 150, 20_000),
});

let [asked, pages, found] = [0, 0, 0];

const readAll = async ({
  whom,
  sending,
  pageSize,
  mostWalked,
}: {
  whom: Whom;
  sending: Sending;
  pageSize: number;
  mostWalked: number;
}): Promise<RecipientPage[]> => {
  const all: RecipientPage[] = [];
  let cursor: string | null = null;
  do {
    const scope = aScope(business.businessId, { role: 'SERVICE', purpose: 'send-messages' });
    // A later page may be asked for much later: relative days stay those of the first.
    const now = new Date(NOW + all.length * DAY_MS);
    const query = { whom, sending, pageSize, cursor, isCountOnly: false, now };
    const page: RecipientPage = await readRecipients(query, scope, mostWalked);
    expect(page.recipients.length).toBeLessThanOrEqual(pageSize);
    all.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
};

describe('the recipients of every question', () => {
  it(
    'are on its pages, each once, as a plain filter over all links finds them, and the total is their number',
    async () => {
      const holds = async (one: Parameters<typeof readAll>[0]): Promise<void> => {
        const all = await readAll(one);
        const { total, excluded, recipients } = expected(one.whom, one.sending);
        const shown = all
          .flatMap((page) => page.recipients)
          .map(({ customer, address, sameAddressAs }) => [customer.id, address, sameAddressAs]);
        for (const page of all) expect([page.total, page.excluded]).toEqual([total, excluded]);
        expect(shown.sort()).toEqual(recipients);
        if ('definition' in one.whom) {
          const size = await countMembers(one.whom.definition, new Date(NOW), aScope(business.businessId));
          const { definition: conditions } = one.whom;
          expect(size).toBe(people.filter((person) => belongs(person, conditions)).length);
        }
        asked += 1;
        pages += all.length;
        found += total;
      };
      await fc.assert(fc.asyncProperty(question, holds), { seed: SEED, numRuns: QUESTIONS });
    },
    PROOF_TIMEOUT_MS,
  );

  afterAll(() => {
    process.stdout.write(
      `recipients: ${String(asked)} random questions about ${String(PEOPLE)} customers, ${String(found)} recipients on ` +
        `${String(pages)} pages, seed ${String(SEED)}: each as a plain filter finds it, sums equal totals [${testDatabaseEngine()}]\n`,
    );
  });
});
