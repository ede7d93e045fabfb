import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { chooseElsewhere } from '#test/support/rules-elsewhere.ts';
import { useService } from '#test/support/service.ts';

const service = useService('row-46');
const BUSINESSES = sized({ short: 25, full: 1_000 });
const STEPS = 20;

const PHONES = ['48511111111', '030 901820', '512 345 678', '512 345 679', null] as const;
const EMAILS = ['one@b.example', 'two@b.example', null] as const;
const someRules = fc.record({
  regularRequires: fc.constantFrom('email-and-phone' as const, 'email-or-phone' as const),
  uniqueEmail: fc.boolean(),
  uniquePhone: fc.boolean(),
  defaultCountry: fc.constantFrom('PL', 'DE'),
});
const someStep = fc.record({
  /** Saved elsewhere before the step, or null: the rules stay. */
  rules: fc.option(someRules, { freq: 2 }),
  way: fc.constantFrom('create' as const, 'change' as const, 'bulk' as const),
  one: fc.nat({ max: 20 }),
  email: fc.constantFrom(...EMAILS),
  phone: fc.constantFrom(...PHONES),
});
type Rules = typeof someRules extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof someStep extends fc.Arbitrary<infer T> ? T : never;
type Known = { email: string | null; phone: string | null };

const NATIONAL: Readonly<Record<string, string>> = {
  '030 901820': 'DE',
  '512 345 678': 'PL',
  '512 345 679': 'PL',
};
const digitsOf = (phone: string | null): string | null => phone?.replaceAll(' ', '') ?? null;

/** Whether rules allow these contact data beside those of all other customers, whatever rules those were added by. */
const allow = (rules: Rules, { email, phone }: Known, others: readonly Known[]): boolean => {
  const country = NATIONAL[phone ?? ''];
  const isComplete =
    rules.regularRequires === 'email-or-phone'
      ? email !== null || phone !== null
      : email !== null && phone !== null;
  return (
    isComplete &&
    (country === undefined || country === rules.defaultCountry) &&
    !(rules.uniqueEmail && email !== null && others.some((other) => other.email === email)) &&
    !(rules.uniquePhone && phone !== null && others.some((other) => other.phone === digitsOf(phone)))
  );
};

/** Writes these contact data. Returns the status, and the id of the customer that was written. */
const write = async (business: Business, { way, email, phone }: Step, id: string) => {
  const fields = { email, phone };
  if (way === 'change') {
    const { status } = await business.change(id, fields);
    return { status, id };
  }
  if (way === 'create') {
    const { status, body } = await business.create(aCustomer(fields));
    return { status, id: body._id };
  }
  const { results } = (await business.bulk([{ create: aCustomer(fields) }])).body;
  return { status: results[0].status, id: results[0].customer?._id };
};

describe('a setting that another environment has changed', () => {
  it(
    'refuses nothing any more from that moment on',
    async () => {
      let [steps, refused, wouldHaveBeen] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(
          someRules,
          fc.array(someStep, { minLength: STEPS, maxLength: STEPS }),
          async (first, script) => {
            const business = aBusiness();
            const all = new Map<string, Known>();
            await chooseElsewhere(service, business.businessId, first);
            const { _id, email, phone } = (await business.create(aCustomer())).body;
            all.set(_id, { email, phone });
            let [rules, before] = [first, first];
            for (const step of script) {
              if (step.rules !== null) {
                [before, rules] = [rules, step.rules];
                await chooseElsewhere(service, business.businessId, rules);
              }
              const known = [...all.keys()][step.one % all.size] ?? '';
              const others = [...all].filter(([id]) => step.way !== 'change' || id !== known);
              const asked = { email: step.email, phone: step.phone };
              const [isAllowed, wasAllowed] = [rules, before].map((each) =>
                allow(
                  each,
                  asked,
                  others.map(([, one]) => one),
                ),
              );
              const { status, id } = await write(business, step, known);
              if (isAllowed === true)
                expect({ ...step, rules, status }).toMatchObject({
                  status: step.way === 'change' ? 200 : 201,
                });
              if (status < 300) all.set(id, { email: step.email, phone: digitsOf(step.phone) });
              steps += 1;
              refused += status >= 400 ? 1 : 0;
              wouldHaveBeen += isAllowed === true && wasAllowed === false ? 1 : 0;
            }
          },
        ),
        { numRuns: BUSINESSES },
      );
      expect(wouldHaveBeen).toBeGreaterThan(BUSINESSES);
      report(
        46,
        `${BUSINESSES} businesses (full: 1,000) whose rules another environment changes at random, ${steps} writes: ${refused} ` +
          `refused, 0 by a rule that no longer holds, though the rules before would have refused ${wouldHaveBeen} more`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
