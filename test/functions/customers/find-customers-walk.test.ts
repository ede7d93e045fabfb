import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { makeDue } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';

const service = useService('find-customers-walk');
const WALKS = sized({ short: 14, full: 500 });
/** More than all there are, one by one: who has not come to the end by then never will. */
const MOST_TURNS = 60;
const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => `${day}T12:00:00.000Z`);

const persons = fc.record({
  firstName: fc.constantFrom('Kim', 'kim', 'Alf'),
  lastName: fc.constantFrom(null, 'Bo', 'bó', 'Cy'),
  state: fc.constantFrom('active', 'archived'),
  day: fc.nat({ max: 2 }),
});
type Person = typeof persons extends fc.Arbitrary<infer P> ? P : never;
type Listed = Person & Readonly<{ id: string }>;

const folded = (text: string | null): string =>
  (text ?? '').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const named = (id: string, ...names: (string | null)[]): string =>
  `${names
    .map(folded)
    .filter((name) => name !== '')
    .join(' ')}\u0000${id}`;

/** By what each order goes, as the contract says it. */
const PLACE = {
  createdAt: ({ day, id }) => `${String(day)}${id}`,
  updatedAt: ({ day, id }) => `${String(day)}${id}`,
  name: ({ id, lastName, firstName }) => named(id, lastName, firstName),
  firstName: ({ id, lastName, firstName }) => named(id, firstName, lastName),
  id: ({ id }) => id,
} as const satisfies Record<string, (customer: Listed) => string>;

/** What each filter lets pass, as the contract says it. */
const FILTERS: readonly Readonly<{ query: Record<string, string>; passes: (customer: Listed) => boolean }>[] =
  [
    { query: {}, passes: () => true },
    { query: { state: 'active' }, passes: ({ state }) => state === 'active' },
    { query: { phrase: 'kim' }, passes: ({ firstName }) => folded(firstName) === 'kim' },
    { query: { updatedSince: DAYS[1] ?? '' }, passes: ({ day }) => day >= 1 },
    {
      query: { updatedSince: DAYS[1] ?? '', phrase: 'KIM', state: 'archived' },
      passes: ({ day, firstName, state }) => day >= 1 && folded(firstName) === 'kim' && state === 'archived',
    },
  ];

/** What others do between two pages, to others than those who stay. */
const CHANGES: Readonly<Record<string, (business: Business, id: string) => Promise<unknown>>> = {
  create: (business) => added(business, { firstName: 'Kim' }),
  rename: (business, id) => business.change(id, { firstName: 'Kim', lastName: 'Aa' }),
  renameFar: (business, id) => business.change(id, { firstName: 'Zed', lastName: 'Zz' }),
  archive: (business, id) => business.setState(id, { state: 'archived' }),
  delete: (business, id) => business.delete(id),
  purge: async (business, id) => {
    await makeDue(service, business, id);
    await run(purge, { largestShare: 1 });
  },
};

const walks = fc.record({
  stay: fc.array(persons, { minLength: 3, maxLength: 10 }),
  move: fc.array(persons, { minLength: 1, maxLength: 4 }),
  orderBy: fc.constantFrom(...(Object.keys(PLACE) as (keyof typeof PLACE)[])),
  orderDir: fc.constantFrom('asc', 'desc'),
  filter: fc.constantFrom(...FILTERS),
  steps: fc.array(
    fc.record({
      pageSize: fc.integer({ min: 1, max: 4 }),
      change: fc.constantFrom(...Object.keys(CHANGES)),
      whom: fc.nat({ max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

describe('a walk by cursor while others are created, renamed, archived, deleted and purged', () => {
  it(
    'shows everybody who stays exactly once and in order, and nobody new twice',
    async () => {
      await fc.assert(
        fc.asyncProperty(walks, async ({ stay, move, orderBy, orderDir, filter, steps }) => {
          const business = aBusiness();
          const ids = await addMany(business.businessId, stay.length + move.length, (index) => {
            const { day, ...person } = [...stay, ...move][index]!;
            return { ...person, at: new Date(DAYS[day]!) };
          });
          const moving = ids.slice(stay.length);
          const seen: string[] = [];
          for (let turn = 0, cursor: string | undefined = ''; cursor !== undefined; turn += 1) {
            const { pageSize, change, whom } = steps[turn % steps.length]!;
            const query = { ...filter.query, orderBy, orderDir, pageSize: String(pageSize) };
            const { status, body } = await business.find(cursor === '' ? query : { ...query, cursor });
            expect(status).toBe(200);
            expect(turn).toBeLessThan(MOST_TURNS);
            if (body.nextCursor !== undefined) expect(body.items).toHaveLength(pageSize);
            seen.push(...body.items.map(({ _id }: Readonly<{ _id: string }>) => _id));
            cursor = body.nextCursor;
            // In order of changes, whoever is created goes before or after all: a walk towards them has to end.
            if (turn < 20) await CHANGES[change]?.(business, moving[whom % moving.length]!);
          }
          const place = PLACE[orderBy];
          const staying = stay.map((person, index) => ({ ...person, id: ids[index]! })).filter(filter.passes);
          const expected = staying
            .sort((one, other) => (place(one) < place(other) ? -1 : 1))
            .map(({ id }) => id);
          const stayed = seen.filter((id) => !moving.includes(id) && ids.includes(id));
          expect(stayed).toEqual(orderDir === 'asc' ? expected : expected.toReversed());
          const fresh = seen.filter((id) => !ids.includes(id));
          expect(new Set(fresh).size).toBe(fresh.length);
        }),
        { numRuns: WALKS, endOnFailure: true },
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
