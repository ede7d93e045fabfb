import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  changeCustomer,
  type Customer,
  type CustomerFields,
  moveCustomer,
  stateOf,
} from '#lib/domain/customers/customer.ts';
import {
  type CustomerState,
  historyViolations,
  stateMeaning,
  WRITTEN_STATES,
  type WrittenState,
} from '#lib/domain/customers/customer-state.ts';
import { isEmail } from '#lib/domain/spelling/email.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { aCustomer, after, rules } from '../samples.ts';

/** An independent word for the transitions: what may not happen. */
const isForbidden = (from: CustomerState, to: CustomerState): boolean =>
  from === 'archived' && to === 'suspended';

const aState = fc.constantFrom(...WRITTEN_STATES);
const fields = fc.record(
  {
    firstName: fc.constantFrom('Anna', 'Zoë', '', null),
    lastName: fc.constantFrom('Nowak', ' ', null),
    email: fc.constantFrom('a@b.cd', 'A@b.cd', 'Anna.com', '', null),
    phone: fc.constantFrom('48512345678', '+48 512 345 678', '123', null),
    note: fc.constantFrom('n', '', null),
    customerType: fc.constantFrom('regular' as const, 'new' as const, 'anonymous' as const),
    state: aState,
    stateHistory: fc.array(
      fc.record({ state: aState, setAt: fc.integer({ min: -50, max: 50 }).map(after) }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

const attempt = (step: () => Customer): Customer | Refusal => {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

/** What holds for a customer after any sequence of steps. */
const expectSound = (customer: Customer): void => {
  const { stateHistory, email, phone, firstName, lastName, customerType } = customer;
  expect(historyViolations(stateHistory, undefined)).toEqual([]);
  expect(email === null || isEmail(email)).toBe(true);
  expect(phone === null || /^\+?\d+$/.test(phone)).toBe(true);
  if (customerType === 'regular') expect([email, phone]).not.toContain(null);
  if (customerType !== 'anonymous') expect([firstName, lastName, email, phone].some(Boolean)).toBe(true);
};

const runMoves = (moves: readonly WrittenState[]): void => {
  let customer = aCustomer();
  let model: CustomerState = 'active';
  for (const [index, to] of moves.entries()) {
    const moved = attempt(() => moveCustomer(customer, to, after(index)));
    const target = stateMeaning(to);
    if (isForbidden(model, target)) {
      expect(moved).toMatchObject({ code: 'illegal-transition' });
      continue;
    }
    expect(moved === customer).toBe(target === model);
    customer = moved as Customer;
    model = target;
    expect(stateOf(customer)).toBe(model);
  }
};

const runChanges = (changes: readonly CustomerFields[]): void => {
  let customer = aCustomer();
  for (const [index, given] of changes.entries()) {
    const before = structuredClone(customer);
    const changed = attempt(() => changeCustomer(customer, given, rules({}, after(index))));
    expect(customer).toEqual(before);
    if (changed instanceof Refusal) continue;
    expect(changed.version).toBe(before.version + (changed === customer ? 0 : 1));
    expectSound(changed);
    customer = changed;
  }
};

describe('a customer’s life', () => {
  it('follows the transitions through any sequence of moves', () => {
    fc.assert(fc.property(fc.array(aState, { maxLength: 300 }), runMoves));
  });

  it('never breaks a rule through any sequence of changes, and refuses without a trace', () => {
    fc.assert(fc.property(fc.array(fields, { maxLength: 30 }), runChanges), { numRuns: 300 });
  });
});
