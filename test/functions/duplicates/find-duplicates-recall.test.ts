import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import type { CustomerFields } from '#lib/domain/customers/customer.ts';
import { matchTexts } from '#lib/domain/duplicates/match-texts.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { load, median } from '#test/bench/figures.ts';
import { personOf, ROW } from '#test/bench/scale/people.ts';
import { aSlip, type Slip, slipIn } from '#test/lib/domain/duplicates/twins.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { addMany } from '#test/support/many-customers.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { testDatabaseEngine } from '#test/support/test-database.ts';
import { SEED } from '#test/support/seed.ts';

useService('find-duplicates-recall');
const settings = { ...DEFAULT_SETTINGS, uniqueEmail: false, uniquePhone: false };
/** Others of the business, whose names are as common as names are, and twins of each kind. */
const OTHERS = sized({ short: 1_000, full: 10_000 });
const TWINS = 20;
/** What two who are not twins hardly ever reach. */
const TELLING = 60;
const FEW = 0.01;

/** Somebody with a name that nobody else has. */
type Original = Readonly<{ firstName: string; lastName: string; email: string; phone: string }>;
let made = 0;
const another = (original: Original): Original => {
  made += 1;
  return {
    ...original,
    email: `canary-${original.lastName.toLowerCase()}@other.example`,
    phone: `492627${String(made * 10_007_919)
      .padStart(9, '0')
      .slice(-9)}`,
  };
};
const stranger = (original: Original): Original => ({
  ...another(original),
  firstName: original.lastName.slice(0, 4),
  lastName: original.firstName.slice(0, 4),
});

/** How somebody comes to be entered twice. */
const KINDS: Readonly<Record<string, (original: Original, slip: Slip) => CustomerFields>> = {
  'the phone without its country': (one) => ({ ...stranger(one), phone: one.phone.slice(2) }),
  'the email with dots and a tag': (one) => ({
    ...stranger(one),
    email: one.email.replace('.', '').replace('@', '+shop@').toUpperCase(),
  }),
  'the name alone': another,
  'the name in capitals, in one field': (one) => ({
    ...another(one),
    firstName: `${one.firstName} ${one.lastName}`.toUpperCase(),
    lastName: null,
  }),
  'the names swapped': (one) => ({ ...another(one), firstName: one.lastName, lastName: one.firstName }),
  'a slip in the first name': (one, slip) => ({ ...another(one), firstName: slipIn(one.firstName, slip) }),
  'a slip in the last name': (one, slip) => ({ ...another(one), lastName: slipIn(one.lastName, slip) }),
  'a slip in the domain': (one) => ({ ...another(one), email: one.email.replace('gmail', 'gmial') }),
  'a wrong digit': (one) => ({ ...another(one), phone: one.phone.replace(/.$/, '5') }),
};

const word = (length: number) =>
  fc.stringMatching(new RegExp(`^[BDGKMPRSTWZ]([aeiou][bdgkmprstwz]){${String(length)}}[aeo]$`));
/** Nobody has what another is found by: a part of a name that more than three have tells nothing, by design. */
const originals = (count: number): Original[] => {
  const taken = new Set<string>();
  return fc
    .sample(fc.tuple(word(2), word(3), fc.stringMatching(/^485\d{7}[0-4]$/)), {
      numRuns: 2 * count,
      seed: SEED,
    })
    .map(([firstName, lastName, phone]) => ({
      ...{ firstName, lastName, phone },
      email: `${firstName}.${lastName}@gmail.com`.toLowerCase(),
    }))
    .filter((original) => {
      const texts = matchTexts(original).map(({ text }) => text);
      const isLikeNobody = !texts.some((text) => taken.has(text));
      for (const text of texts) taken.add(text);
      return isLikeNobody;
    })
    .slice(0, count);
};

/** Every pair of a business, and how long each page took. */
const allPairs = async (business: Business) => {
  const pairs = new Map<string, number>();
  const times: number[] = [];
  for (let cursor: string | undefined; ;) {
    const startedAt = performance.now();
    const { body } = await business.duplicates({ pageSize: '50', ...(cursor !== undefined && { cursor }) });
    times.push(performance.now() - startedAt);
    for (const { customers, score } of body.items)
      pairs.set(customers.map(({ _id }: any) => _id).join(' '), score);
    cursor = body.nextCursor;
    if (cursor === undefined) return { pairs, times };
  }
};

describe('of customers who were entered twice', () => {
  it(
    'all are found, of each kind, and few others are taken for twins',
    async () => {
      const business = aBusiness();
      const strangers = await addMany(business.businessId, OTHERS, (index) => {
        // In every fifth row stand people of one business.
        const serial = Math.floor(index / ROW) * 5 * ROW + (index % ROW);
        const { id: _id, at: _at, state: _state, ...person } = personOf(serial, SEED);
        return { ...person, settings };
      });
      const kinds = Object.entries(KINDS);
      const people = originals(kinds.length * TWINS);
      expect(people).toHaveLength(kinds.length * TWINS);
      const slips = fc.sample(aSlip, { numRuns: people.length, seed: SEED });
      const firsts = await addMany(business.businessId, people.length, (index) => ({
        ...people[index]!,
        settings,
      }));
      const seconds = await addMany(business.businessId, people.length, (index) => ({
        ...kinds[Math.floor(index / TWINS)]![1](people[index]!, slips[index]!),
        settings,
      }));

      const { pairs, times } = await allPairs(business);
      const missed = firsts.flatMap((id, index) =>
        pairs.delete(`${id} ${seconds[index]!}`)
          ? []
          : [
              `${kinds[Math.floor(index / TWINS)]![0]}: ${JSON.stringify(people[index])} (seed ${String(SEED)})`,
            ],
      );
      expect(missed).toEqual([]);
      const telling = [...pairs.values()].filter((score) => score >= TELLING).length;
      expect(telling).toBeLessThanOrEqual(FEW * strangers.length);
      process.stdout.write(
        `duplicates: ${String(people.length)} twins of ${String(kinds.length)} kinds among ${String(OTHERS)} others ` +
          `(seed ${String(SEED)}): all found; other pairs: ${String(telling)} with ${String(TELLING)} and more, ` +
          `${String(pairs.size - telling)} below; a page of up to 500 customers or 50 pairs took ` +
          `${median(times).toFixed(0)} ms, the slowest ${Math.max(...times).toFixed(0)} ms, ` +
          `${String(times.length)} pages (load ${load()}) [${testDatabaseEngine()}]\n`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
