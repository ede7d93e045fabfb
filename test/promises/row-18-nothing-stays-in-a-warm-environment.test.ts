import { beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { goodRequest, handlerOf, routeNames } from '#test/support/routes.ts';
import { type Answer, call, type Call, useService } from '#test/support/service.ts';
import { SEED } from '#test/support/seed.ts';

useService('row-18');

const CALLS = sized({ short: 900, full: 10_000 });
const MOST_AT_ONCE = 6;
/** So few that the same key, the same email and the same phone come again and again, from both businesses. */
const SLOTS = sized({ short: 6, full: 40 });

/** One of the two: what is only its own, and what it chose. */
type Side = Readonly<{
  business: Business;
  /** In its customers' names and notes and in its reasons. */
  mark: string;
  /** Of every customer it was answered. */
  ids: string[];
  settings: Readonly<Record<string, unknown>>;
}>;
const aSide = (name: string, settings: Side['settings']): Side => ({
  business: aBusiness(),
  mark: `Canary${name}`,
  ids: [],
  settings,
});
const one = aSide('Aldebaran', { retentionDays: 11, regularRequires: 'email-and-phone', uniqueEmail: true });
const other = aSide('Betelgeuse', {
  retentionDays: 77,
  regularRequires: 'email-or-phone',
  uniqueEmail: false,
});

const neighbourOf = (side: Side): Side => (side === one ? other : one);

type Asked = Readonly<{ side: Side; name: string; call: Call }>;
type Answered = Asked & Readonly<{ answer: Answer }>;

/** What both send, word for word, with one key: the answers differ in their ids only. */
const twin = (slot: number) => ({
  firstName: 'Canary Twin',
  email: `canary-twin-${String(slot)}@example.com`,
  phone: `49262799${String(slot).padStart(6, '0')}`,
});
/** Refused by the settings of the one, welcome by those of the other. */
const WITHOUT_PHONE = 'without phone';

const chance = (oneIn: number) => fc.nat(oneIn - 1).map((number) => number === 0);
/** One call by chance: whose, where to, with which key and email, about whom, and whether it comes with the next one. */
const step = fc.record({
  isOnes: fc.boolean(),
  name: fc.constantFrom(...routeNames, 'create-customer', 'create-customer'),
  slot: fc.nat(SLOTS - 1),
  isTwin: fc.boolean(),
  hasPhone: fc.boolean(),
  isBroken: chance(15),
  isForeign: chance(6),
  pick: fc.nat(),
  phrase: fc.nat(3),
  isWithNext: chance(2),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const bodyOf = (side: Side, { name, slot, isTwin, hasPhone, isBroken, pick }: Step): unknown => {
  if (isBroken) return '{"note":"canary';
  switch (name) {
    case 'create-customer':
      if (isTwin) return twin(slot);
      if (hasPhone) return aCustomer({ lastName: side.mark });
      return aCustomer({ phone: null, note: side.mark, firstName: WITHOUT_PHONE });
    case 'change-customer':
    case 'patch-customer':
      return { note: `${side.mark} ${String(slot)}`, ...(isTwin && { email: twin(slot).email }) };
    case 'set-customer-state':
      return { state: pick % 2 === 0 ? 'suspended' : 'active', reason: side.mark };
    case 'change-settings':
      return side.settings;
    default:
      return undefined;
  }
};

const queryOf = (side: Side, { name, slot, phrase }: Step) => {
  if (name === 'look-up-customer') return { email: twin(slot).email };
  if (name !== 'find-customers') return undefined;
  const phrases = [side.mark, neighbourOf(side).mark, 'twin', twin(slot).phone];
  return { pageSize: '10', orderBy: 'updatedAt', phrase: phrases[phrase] ?? '' };
};

const requestOf = (chosen: Step): Asked => {
  const side = chosen.isOnes ? one : other;
  const { ids } = chosen.isForeign ? neighbourOf(side) : side;
  const good = goodRequest(chosen.name, ids[chosen.pick % ids.length] ?? '');
  const body = bodyOf(side, chosen);
  const query = queryOf(side, chosen);
  return {
    side,
    name: chosen.name,
    call: {
      ...good,
      ...(body !== undefined && { body }),
      ...(query !== undefined && { query }),
      headers: { ...good.headers, ...(chosen.isTwin && { 'idempotency-key': `key-${String(chosen.slot)}` }) },
    },
  };
};

/** Calls that come one after the other, and those that come at once. */
const batchesOf = (steps: readonly Step[]): Step[][] => {
  const batches: Step[][] = [];
  let open: Step[] = [];
  for (const each of steps) {
    open.push(each);
    if (each.isWithNext && open.length < MOST_AT_ONCE) continue;
    batches.push(open);
    open = [];
  }
  return open.length === 0 ? batches : [...batches, open];
};

const HEX_ID = /(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/g;
const idsIn = (text: string): string[] => text.match(HEX_ID) ?? [];

/** What of a side is in a text, but for what was named in asking. */
const partsOf = ({ business, mark, ids }: Side, text: string, named: string): string[] => {
  const known = new Set([...ids, business.businessId]);
  return [...idsIn(text).filter((id) => known.has(id)), ...(text.includes(mark) ? [mark] : [])].filter(
    (part) => !named.includes(part),
  );
};
const namedBy = ({ call: { headers: _headers, ...asked } }: Asked): string => JSON.stringify(asked);
const shownOf = ({ answer: { headers, text } }: Answered): string => `${JSON.stringify(headers)}\n${text}`;

/** What a line holds of who it does not belong to; one that says no business may hold nothing of either. */
const strayIn = (line: string, batch: readonly Asked[]): string[] => {
  const { business, ...entry } = JSON.parse(line);
  const text = JSON.stringify(entry);
  return [one, other]
    .filter((side) => side.business.businessId !== business)
    .flatMap((side) => {
      const asking = batch.filter((asked) => asked.side.business.businessId === business);
      return partsOf(side, text, asking.map(namedBy).join(' '));
    });
};

/** Its own settings decide what a side is answered, whoever was served before. */
const isByItsSettings = ({ side, name, call: { body }, answer }: Answered): boolean => {
  if (answer.status === 200 && name.endsWith('-settings'))
    return Object.entries(side.settings).every(([setting, value]) => answer.body[setting] === value);
  const wantsPhone = name === 'create-customer' && JSON.stringify(body).includes(WITHOUT_PHONE);
  return !wantsPhone || answer.status === (side === one ? 400 : 201) || answer.status === 422;
};

describe('two businesses in one warm environment', () => {
  beforeAll(async () => {
    for (const side of [one, other]) {
      await side.business.chooseSettings(side.settings);
      const { body } = await side.business.create(aCustomer({ lastName: side.mark }));
      side.ids.push(body._id);
    }
  });

  const serve = async (asked: Asked): Promise<Answered> => {
    const answer = await call(await handlerOf(asked.name), {
      businessId: asked.side.business.businessId,
      ...asked.call,
    });
    // A segment is no customer.
    if (answer.status === 201 && answer.body._id !== undefined) asked.side.ids.push(answer.body._id);
    return { ...asked, answer };
  };

  it(
    'share nothing: no answer, no header and no line of the one holds anything of the other',
    async () => {
      const answered: Answered[] = [];
      let lineCount = 0;
      for (const steps of batchesOf(fc.sample(step, { numRuns: CALLS, seed: SEED }))) {
        const batch = steps.map(requestOf);
        let results: Answered[] = [];
        const lines = await linesWrittenBy(async () => {
          results = await Promise.all(batch.map(serve));
        });
        lineCount += lines.length;
        expect({ seed: SEED, stray: lines.flatMap((line) => strayIn(line, batch)) }).toEqual({
          seed: SEED,
          stray: [],
        });
        for (const result of results) {
          const { name, answer } = result;
          const verdict = {
            seed: SEED,
            name,
            stray: partsOf(neighbourOf(result.side), shownOf(result), namedBy(result)),
            isByItsSettings: isByItsSettings(result),
            isOurFault: answer.status >= 500,
          };
          expect(verdict).toEqual({ seed: SEED, name, stray: [], isByItsSettings: true, isOurFault: false });
        }
        answered.push(...results);
      }
      const replays = answered.filter(({ answer }) => 'idempotent-replayed' in answer.headers);
      for (const side of [one, other]) {
        const own = answered.filter((each) => each.side === side);
        // Each saw its own in plenty, or it would prove nothing that it did not see the other's.
        expect(own.filter((each) => partsOf(side, shownOf(each), '').length > 0).length).toBeGreaterThan(
          own.length / 6,
        );
        expect(replays.filter((each) => each.side === side).length).toBeGreaterThan(0);
      }
      expect(new Set(answered.map(({ name }) => name)).size).toBe(routeNames.length);
      report(
        18,
        `${String(CALLS)} calls of two businesses over ${String(routeNames.length)} routes in one process (seed ${String(SEED)}), ` +
          `up to ${String(MOST_AT_ONCE)} at once, ${String(lineCount)} lines: 0 bytes of the other ` +
          `(${String(replays.length)} replays by keys that both used; ${tally(answered.map(({ answer }) => answer))})`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it('would be caught by what looks for it', async () => {
    const answer = await one.business.find({ phrase: one.mark });
    const mixedUp: Answered = { side: other, name: 'find-customers', call: {}, answer };
    expect(partsOf(one, shownOf(mixedUp), namedBy(mixedUp))).toContain(one.mark);
    const line = JSON.stringify({ message: 'm', business: other.business.businessId, customers: one.ids });
    expect(strayIn(line, [mixedUp])).toEqual(one.ids);
  });
});
