import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';

useService('row-08');
const LIVES = sized({ short: 30, full: 1_000 });
const STEPS = sized({ short: 14, full: 30 });

type State = 'active' | 'suspended' | 'archived' | 'deleted';
type Model = { id: string; email: string; phone: string; state: State; restoreTo: State };

const EMAILS = ['one@b.example', 'two@b.example', 'three@b.example'];
const PHONES = ['48111111111', '48222222222', '48333333333'];
const MAY_BECOME: Readonly<Record<State, readonly State[]>> = {
  active: ['suspended', 'archived', 'deleted'],
  suspended: ['active', 'archived', 'deleted'],
  archived: ['active', 'deleted'],
  deleted: ['active', 'suspended', 'archived'],
};

const aState = fc.constantFrom<State>('active', 'suspended', 'archived', 'deleted');
const anEmail = fc.constantFrom(...EMAILS);
const aPhone = fc.constantFrom(...PHONES);
const one = fc.nat({ max: 5 });
const aStep = fc.oneof(
  fc.record({ do: fc.constant('create' as const), email: anEmail, phone: aPhone, state: aState }),
  fc.record({ do: fc.constant('email' as const), one, email: anEmail }),
  fc.record({ do: fc.constant('phone' as const), one, phone: aPhone }),
  fc.record({ do: fc.constant('put' as const), one, state: aState }),
  fc.record({ do: fc.constant('state' as const), one, state: aState }),
  fc.record({ do: fc.constant('delete' as const), one }),
  fc.record({ do: fc.constant('restore' as const), one }),
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

/** The rules in a few lines, on a list in memory. */
const lives = () => {
  const all: Model[] = [];
  const takenOf = (wanted: Model): string[] =>
    wanted.state === 'deleted'
      ? []
      : (['email', 'phone'] as const)
          .filter((field) =>
            all.some(
              (other) =>
                other.id !== wanted.id && other.state !== 'deleted' && other[field] === wanted[field],
            ),
          )
          .map((field) => `409 duplicate-${field}`);
  /** What may be answered to a wish, which is granted unless it is refused. */
  const wish = (customer: Model, changes: Partial<Model>): string[] => {
    const wanted = { ...customer, ...changes };
    const taken = takenOf(wanted);
    if (taken.length === 0) Object.assign(customer, wanted);
    return taken.length === 0 ? ['200'] : taken;
  };
  const move = (customer: Model, to: State, illegal: string): string[] => {
    if (to === customer.state) return ['200'];
    if (!MAY_BECOME[customer.state].includes(to)) return [illegal];
    return wish(customer, { state: to, ...(to === 'deleted' && { restoreTo: customer.state }) });
  };
  return { all, takenOf, wish, move };
};

/** Does a step in both worlds: what the service answered, and what the model allows. */
const take = async (step: Step, business: Business, model: ReturnType<typeof lives>) => {
  const said = ({ status, body }: { status: number; body: any }) =>
    body.code === undefined ? String(status) : `${status} ${body.code}`;
  if (step.do === 'create') {
    const { email, phone, state } = step;
    const answer = await business.create(aCustomer({ email, phone, state }));
    const customer: Model = { id: answer.body._id ?? '', email, phone, state, restoreTo: 'active' };
    const taken = model.takenOf({ ...customer, id: '' });
    if (taken.length === 0) model.all.push(customer);
    return { said: said(answer), allowed: taken.length === 0 ? ['201'] : taken };
  }
  const customer = model.all[step.one % Math.max(1, model.all.length)];
  if (customer === undefined) return { said: '', allowed: [''] };
  const { id } = customer;
  switch (step.do) {
    case 'email':
      return {
        said: said(await business.change(id, { email: step.email })),
        allowed: model.wish(customer, { email: step.email }),
      };
    case 'phone':
      return {
        said: said(await business.change(id, { phone: step.phone })),
        allowed: model.wish(customer, { phone: step.phone }),
      };
    case 'put':
      return {
        said: said(await business.change(id, { state: step.state })),
        allowed: model.move(customer, step.state, '409 illegal-transition'),
      };
    case 'state':
      return {
        said: said(await business.setState(id, { state: step.state })),
        allowed: model.move(customer, step.state, '409 illegal-transition'),
      };
    case 'delete':
      return { said: said(await business.delete(id)), allowed: model.move(customer, 'deleted', '') };
    case 'restore': {
      const to = customer.state === 'deleted' ? customer.restoreTo : customer.state;
      return { said: said(await business.restore(id)), allowed: model.move(customer, to, '') };
    }
  }
};

describe('deleting frees, restoring checks', () => {
  it(
    'random lives of customers who share emails and phones go as the rules say',
    async () => {
      let steps = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(aStep, { minLength: STEPS / 2, maxLength: STEPS }), async (script) => {
          const [business, model] = [aBusiness(), lives()];
          for (const step of script) {
            const { said, allowed } = await take(step, business, model);
            expect(allowed).toContain(said);
            steps += 1;
          }
          const { items } = (await business.find({ pageSize: '100', orderBy: 'id' })).body;
          const seen = items.map(({ _id, email, phone, state }: any) => `${_id} ${email} ${phone} ${state}`);
          const expected = model.all.map(({ id, email, phone, state }) => `${id} ${email} ${phone} ${state}`);
          expect(seen.toSorted()).toEqual(expected.toSorted());
        }),
        { numRuns: LIVES },
      );
      report(
        8,
        `${LIVES} random histories (full: 1,000), ${steps} steps compared with a model: 0 differences`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
