import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { type Answer, run, useService } from '#test/support/service.ts';
import { SEED } from '#test/support/seed.ts';

useService('merges-model');
const RUNS = sized({ short: 10, full: 200 });
const [PEOPLE, EMAILS] = [4, 5];

const person = fc.nat(PEOPLE - 1);
/** The place of an email in the list; the last place means none. */
const email = fc.nat(EMAILS);
type Step = Readonly<
  | { do: 'merge'; a: number; b: number; email: 'survivor' | 'loser' | undefined }
  | { do: 'unmerge'; a: number; b: number }
  | { do: 'change'; a: number; email: number }
  | { do: 'delete'; a: number }
  | { do: 'restore'; a: number }
  /** A new current key, and rewriting everything with it. */
  | { do: 'turn' }
  | { do: 'reencrypt' }
>;
const side = fc.constantFrom('survivor' as const, 'loser' as const, undefined);
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(5, fc.record({ do: fc.constant('merge' as const), a: person, b: person, email: side })),
  weighted(3, fc.record({ do: fc.constant('unmerge' as const), a: person, b: person })),
  weighted(4, fc.record({ do: fc.constant('change' as const), a: person, email })),
  weighted(1, fc.record({ do: fc.constant('delete' as const), a: person })),
  weighted(1, fc.record({ do: fc.constant('restore' as const), a: person })),
  weighted(1, fc.constantFrom({ do: 'turn' as const }, { do: 'reencrypt' as const })),
);

type Modelled = {
  id: string;
  email: string | null;
  isLive: boolean;
  /** The place of the customer that it was merged into. */
  into: number | null;
  /** The email of the survivor before and after the merge, if the merge changed it. */
  given: { before: string | null; after: string | null } | null;
};

/** The customers of one business: who has which email, and who was merged into whom. */
class Model {
  readonly people: Modelled[];

  constructor(people: Modelled[]) {
    this.people = people;
  }

  at(place: number): Modelled {
    const found = this.people[place];
    if (found === undefined) throw new Error('Nobody has this place.');
    return found;
  }

  /** The emails by which a customer is found: its own and those of all that were merged into it. */
  emailsOf(place: number): string[] {
    const own = this.at(place).email;
    const losers = this.people.flatMap(({ into }, other) => (into === place ? [other] : []));
    return [...(own === null ? [] : [own]), ...losers.flatMap((loser) => this.emailsOf(loser))];
  }

  holderOf(email: string): string | null {
    const holds = (_: unknown, place: number): boolean =>
      this.at(place).isLive && this.emailsOf(place).includes(email);
    return this.people.find(holds)?.id ?? null;
  }

  /** Whether two live customers are found by one email. */
  hasDuplicate(): boolean {
    const held = this.people.flatMap(({ isLive }, place) =>
      isLive ? [...new Set(this.emailsOf(place))] : [],
    );
    return new Set(held).size < held.length;
  }

  /** Plays a step; null when it is not possible. The result may have a duplicate: then the service must refuse. */
  after(step: Step, emails: readonly string[]): Model | null {
    const next = new Model(structuredClone(this.people));
    return next.play(step, emails) ? next : null;
  }

  private play(step: Step, emails: readonly string[]): boolean {
    if (step.do === 'turn' || step.do === 'reencrypt') return true;
    const a = this.at(step.a);
    if (step.do === 'delete') {
      if (a.into === null) a.isLive = false;
      return true;
    }
    if (a.into !== null) return false;
    if (step.do === 'restore') {
      a.isLive = true;
      return true;
    }
    if (step.do === 'change') {
      a.email = emails[step.email] ?? null;
      return true;
    }
    if (step.a === step.b || !a.isLive) return false;
    return step.do === 'merge' ? this.merge(step.a, step.b, step.email) : this.unmerge(step.a, step.b);
  }

  private merge(place: number, loserPlace: number, side: 'survivor' | 'loser' | undefined): boolean {
    const [a, b] = [this.at(place), this.at(loserPlace)];
    if (!b.isLive) return false;
    const before = a.email;
    a.email = side === undefined ? (a.email ?? b.email) : side === 'loser' ? b.email : a.email;
    Object.assign(b, {
      isLive: false,
      into: place,
      given: a.email === before ? null : { before, after: a.email },
    });
    return true;
  }

  private unmerge(place: number, loserPlace: number): boolean {
    const [a, b] = [this.at(place), this.at(loserPlace)];
    if (b.into !== place) return false;
    if (b.given !== null && a.email === b.given.after) a.email = b.given.before;
    Object.assign(b, { isLive: true, into: null, given: null });
    return true;
  }
}

let keysMade = 1;
let ring: [string, ...string[]] = ['k1'];

const turned = async (how: 'turn' | 'reencrypt'): Promise<void> => {
  if (how === 'turn') {
    keysMade += 1;
    ring = [`k${String(keysMade)}`, ...ring];
  } else {
    const { troubles } = await run(reencryptCustomers, { settleMs: 0 });
    expect(troubles).toEqual([]);
    ring = [ring[0]];
  }
  useKeyring(keyringOf(...ring));
};

const send = async (
  business: Business,
  model: Model,
  step: Step,
  emails: readonly string[],
): Promise<Answer> => {
  const id = 'a' in step ? model.at(step.a).id : '';
  const loserId = 'b' in step ? model.at(step.b).id : '';
  switch (step.do) {
    case 'merge':
      return await business.merge(id, { loserId, ...(step.email && { fields: { email: step.email } }) });
    case 'unmerge':
      return await business.unmerge(id, { loserId });
    case 'change':
      return await business.change(id, { email: emails[step.email] ?? null });
    case 'delete':
      return await business.delete(id);
    case 'restore':
      return await business.restore(id);
    default:
      await turned(step.do);
      return { status: 200, headers: {}, body: {}, text: '' };
  }
};

let businesses = 0;

const aModelled = async (business: Business): Promise<{ model: Model; emails: readonly string[] }> => {
  businesses += 1;
  const emails = Array.from(
    { length: EMAILS },
    (_, index) => `canary-m${String(businesses)}-${String(index)}@example.com`,
  );
  const people: Modelled[] = [];
  for (let place = 0; place < PEOPLE; place += 1) {
    const email = emails[place] ?? null;
    const { _id: id } = await added(business, { customerType: 'new', phone: null, email });
    people.push({ id, email, isLive: true, into: null, given: null });
  }
  return { model: new Model(people), emails };
};

const expectAsModelled = async (
  business: Business,
  model: Model,
  emails: readonly string[],
): Promise<void> => {
  for (const email of emails) {
    const holder = model.holderOf(email);
    const { body } = await business.lookUp({ email });
    expect([email, body._id ?? null]).toEqual([email, holder]);
    const found = (await business.find({ phrase: email, state: 'active' })).body.items;
    expect(found.map(({ _id }: any) => _id)).toEqual(holder === null ? [] : [holder]);
    if (holder === null) continue;
    const { status, body: refusal } = await business.create({
      firstName: 'Canary',
      customerType: 'new',
      email,
    });
    expect([status, refusal.existing?._id]).toEqual([409, holder]);
  }
};

describe('any merges, unmerges and changes', () => {
  it(
    'lead each email to the one customer that has it, or into which the one that has it was merged',
    async () => {
      let [done, refused, impossible] = [0, 0, 0];
      useKeyring(keyringOf(...ring));
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 14 }), async (steps) => {
          const business = aBusiness();
          const { model: start, emails } = await aModelled(business);
          let model = start;
          for (const step of steps) {
            // A change of a merged customer is one of its survivor: other tests show that.
            if (step.do === 'change' && model.at(step.a).into !== null) continue;
            const after = model.after(step, emails);
            const { status, body } = await send(business, model, step, emails);
            if (after === null) {
              expect(status).toBeGreaterThanOrEqual(400);
              impossible += 1;
            } else if (after.hasDuplicate()) {
              expect([step, status, body.code]).toEqual([step, 409, 'duplicate-email']);
              refused += 1;
            } else {
              expect([step, status]).toEqual([step, 200]);
              model = after;
              done += 1;
            }
          }
          await expectAsModelled(business, model, emails);
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
      process.stdout.write(
        `merges-model: ${String(done)} steps done, ${String(refused)} refused as duplicates, ${String(impossible)} impossible (seed ${String(SEED)})\n`,
      );
      expect(done).toBeGreaterThan(RUNS);
    },
    PROOF_TIMEOUT_MS,
  );
});
