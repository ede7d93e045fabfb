import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { type Customer, moveCustomer, newCustomer, stateOf } from '#lib/domain/customers/customer.ts';
import { historyViolations, type WrittenState } from '#lib/domain/customers/customer-state.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('row-13');
const SEQUENCES = 10_000;
const LIVES_OVER_HTTP = sized({ short: 15, full: 500 });

const STATES = ['active', 'suspended', 'archived', 'deleted'] as const;
type State = (typeof STATES)[number];

type Way = (business: Business, customer: any, to: WrittenState) => Promise<Answer>;
const WAYS: Readonly<Record<string, Way>> = {
  PUT: (business, { _id }, state) => business.change(_id, { state }),
  PATCH: (business, { _id }, state) => business.patch(_id, { state }),
  'POST state': (business, { _id }, state) => business.setState(_id, { state }),
  'POST again': (business, { _id }, state) => business.create(aCustomer({ _id, state })),
};
/** What each way answers who may edit: a line for each state it comes from, a column for each it goes to. */
const ANSWERS: Readonly<Record<string, Readonly<Record<State, string>>>> = {
  PUT: {
    active: '   200 200 200 200',
    suspended: '200 200 200 200',
    archived: ' 200 409 200 200',
    deleted: '  200 200 200 200',
  },
  PATCH: {
    active: '   200 200 200 200',
    suspended: '200 200 200 200',
    archived: ' 200 409 200 200',
    deleted: '  409 409 409 409',
  },
  'POST state': {
    active: '   200 200 200 200',
    suspended: '200 200 200 200',
    archived: ' 200 409 200 200',
    deleted: '  200 200 200 200',
  },
  // An offline edit of a deleted customer is kept, and the customer stays deleted: 200 without a move.
  'POST again': {
    active: '   200 200 200 200',
    suspended: '200 200 200 200',
    archived: ' 200 409 200 200',
    deleted: '  200 200 200 200',
  },
};
const statusOf = (way: string, from: State, to: State): number =>
  Number(ANSWERS[way]?.[from].trim().split(' ')[STATES.indexOf(to)] ?? 200);
const EDITORS = ['OWNER', 'ADMIN', 'SPECIALIST'];
const OTHERS = ROLES.filter((role) => !EDITORS.includes(role));

const cells = Object.keys(WAYS).flatMap((way) =>
  STATES.flatMap((from) => STATES.map((to) => ({ way, from, to, status: statusOf(way, from, to) }))),
);
type Cell = (typeof cells)[number];

const storedStateOf = async ({ _id }: any): Promise<unknown[]> => {
  const { stateHistory } = await documentIn(service, 'customer', { _id });
  const { state } = await documentIn(service, 'customer_link', { customerId: _id });
  return [stateHistory.at(-1).state, state];
};

/** What is stored after an accepted move: the new state, unless a create met a deleted customer. */
const stateAfter = ({ way, from, to }: Cell): State =>
  way === 'POST again' && from === 'deleted' ? 'deleted' : to;

const tryCell = async (business: Business, cell: Cell): Promise<void> => {
  const { way, from, to, status } = cell;
  const customer = await added(business, { state: from });
  const move = () => WAYS[way]!(business, customer, to);
  if (status !== 200) {
    await expectRefused(service, move, [status, 'illegal-transition']);
    return;
  }
  expect([way, from, to, (await move()).status]).toEqual([way, from, to, 200]);
  const state = stateAfter(cell);
  expect(await storedStateOf(customer)).toEqual([state, state]);
};

describe('every pair of states, every way, every role', () => {
  let tried = 0;

  it.each(EDITORS)(
    '%s moves a customer as the table says',
    async (role) => {
      const business = aBusiness({ role });
      for (const cell of cells) {
        await tryCell(business, cell);
        tried += 1;
      }
    },
    PROOF_TIMEOUT_MS,
  );

  it.each([...OTHERS, 'ROOT', ''])('%s moves nobody: 403', async (role) => {
    const business = aBusiness();
    const stranger = business.as({ role });
    // A claim with an empty role is malformed, so it names no business.
    const code = role === '' ? 'not-a-member' : 'not-permitted';
    const customers: Partial<Record<State, unknown>> = {};
    for (const from of STATES) customers[from] = await added(business, { state: from });
    await expectNothingWritten(service, async () => {
      for (const { way, from, to } of cells) {
        expectProblem(await WAYS[way]!(stranger, customers[from], to), 403, code);
        tried += 1;
      }
    });
  });

  it('leaves no cell out', () => {
    expect(tried).toBe(16 * Object.keys(WAYS).length * (ROLES.length + 2));
    report(13, `16 pairs x ${Object.keys(WAYS).length} ways x ${ROLES.length + 2} roles: 0 wrong answers`);
  });

  it.each([
    ['active', 200, 'inactive'],
    ['suspended', 200, 'suspended'],
    ['archived', 409, 'archived'],
    ['deleted', 200, 'inactive'],
    ['inactive', 200, 'inactive'],
  ])('takes inactive as suspended: from %s it answers %i and is %s', async (from, status, state) => {
    const business = aBusiness();
    const { _id } = await added(business, { state: from });
    expect((await business.change(_id, { state: 'inactive' })).status).toBe(status);
    expect((await business.get(_id)).body.state).toBe(state);
  });
});

/** The rule again, in the fewest words: one step is forbidden among the states, and the same state is no step. */
const meaning = (written: WrittenState): State => (written === 'inactive' ? 'suspended' : written);
const isForbidden = (from: State, to: State): boolean => from === 'archived' && to === 'suspended';
const aState = fc.constantFrom<WrittenState>(...STATES, 'inactive');
const START = Date.parse('2026-01-01T00:00:00.000Z');

const refusalCodeOf = (step: () => Customer): Customer | string => {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

let moves = 0;
/** One customer of the domain and one of the model go through the same wishes. */
const live = (first: WrittenState, wishes: readonly WrittenState[]): void => {
  const rules = { at: new Date(START), settings: DEFAULT_SETTINGS };
  const draft = { firstName: 'Anna', customerType: 'new' as const, state: first };
  let customer = newCustomer('5f1d7f3a9c3b4e2d8a6c1b0f', draft, rules);
  const visible = [first];
  for (const [index, wish] of wishes.entries()) {
    moves += 1;
    const from = meaning(visible.at(-1)!);
    const result = refusalCodeOf(() => moveCustomer(customer, wish, new Date(START + index)));
    if (isForbidden(from, meaning(wish))) {
      if (result !== 'illegal-transition') throw new Error(`${from} to ${wish} was not refused.`);
      continue;
    }
    if (typeof result === 'string') throw new Error(`${from} to ${wish} was refused.`);
    if (from !== meaning(wish)) visible.push(wish);
    else if (result !== customer) throw new Error(`${from} to ${wish} is no step, and changed something.`);
    customer = result;
  }
  expect(customer.stateHistory.map(({ state }) => state)).toEqual(visible);
  expect(stateOf(customer)).toBe(meaning(visible.at(-1)!));
};

/** Every way but the create, which starts from nothing again; and the two that name no state. */
const WAYS_OVER_HTTP: Readonly<Record<string, Way>> = {
  PUT: WAYS['PUT']!,
  PATCH: WAYS['PATCH']!,
  'POST state': WAYS['POST state']!,
  DELETE: (business, { _id }) => business.delete(_id),
  restore: (business, { _id }) => business.restore(_id),
};
const restoreOf = (state: State, restoreTo: State): State => (state === 'deleted' ? restoreTo : state);

describe('random sequences against a model', () => {
  it('of wishes in the domain', () => {
    fc.assert(fc.property(aState, fc.array(aState, { maxLength: 30, size: 'max' }), live), {
      numRuns: SEQUENCES,
    });
    report(13, `${SEQUENCES} random sequences in the domain, ${moves} requested changes: 0 differences`);
  });

  it('of timelines that an offline client wrote', () => {
    const isLegalPath = (states: readonly WrittenState[]): boolean =>
      states.every(
        (state, index) => index === 0 || !isForbidden(meaning(states[index - 1]!), meaning(state)),
      );
    fc.assert(
      fc.property(fc.array(aState, { minLength: 1, maxLength: 12 }), (states) => {
        const timeline = states.map((state, index) => ({ state, setAt: new Date(START + index) }));
        expect(historyViolations(timeline, undefined).length === 0).toBe(isLegalPath(states));
      }),
      { numRuns: SEQUENCES },
    );
  });

  it(
    'of requests',
    async () => {
      let requests = 0;
      const business = aBusiness();
      const run = async (first: State, wishes: readonly (readonly [string, State])[]): Promise<void> => {
        const customer = await added(business, { state: first });
        let [state, restoreTo]: [State, State] = [first, 'active'];
        for (const [way, wish] of wishes) {
          const to: State =
            way === 'DELETE' ? 'deleted' : way === 'restore' ? restoreOf(state, restoreTo) : wish;
          const { status } = await WAYS_OVER_HTTP[way]!(business, customer, to);
          expect([way, state, to, status]).toEqual([way, state, to, statusOf(way, state, to)]);
          requests += 1;
          if (status !== 200 || state === to) continue;
          if (to === 'deleted') restoreTo = state;
          state = to;
        }
        expect((await business.get(customer._id)).body.state).toBe(state);
      };
      const aWish = fc.tuple(fc.constantFrom(...Object.keys(WAYS_OVER_HTTP)), fc.constantFrom(...STATES));
      const wishes = fc.array(aWish, { minLength: 5, maxLength: 12 });
      await fc.assert(fc.asyncProperty(fc.constantFrom(...STATES), wishes, run), {
        numRuns: LIVES_OVER_HTTP,
      });
      report(13, `${LIVES_OVER_HTTP} sequences of requests (full: 500), ${requests} requests: 0 differences`);
    },
    PROOF_TIMEOUT_MS,
  );
});
