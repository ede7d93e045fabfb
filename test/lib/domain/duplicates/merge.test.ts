import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { type Customer, moveCustomer, newCustomer } from '#lib/domain/customers/customer.ts';
import { CUSTOMER_TYPES, DETAILS } from '#lib/domain/customers/customer-details.ts';
import {
  changesForSurvivor,
  daysKept,
  mergeCustomers,
  requireTwo,
  requireUnmerge,
  SIDES,
  undoUntil,
  unmergeCustomers,
} from '#lib/domain/duplicates/merge.ts';
import { after, aCustomer, ID, refusalOf, rules, START } from '../samples.ts';

const OTHER = '5f1d7f3a9c3b4e2d8a6c1b10';
const anOther = (overrides = {}): Customer => ({
  ...aCustomer({ firstName: 'Ania', email: 'ania@example.com', phone: '48512345679', ...overrides }),
  id: OTHER,
});
const detailsOf = (customer: Customer) => Object.fromEntries(DETAILS.map((name) => [name, customer[name]]));
const later = rules({}, after(60));

describe('two customers become one', () => {
  it('keeps what the survivor has and takes what it lacks', () => {
    const survivor = aCustomer({ customerType: 'new', phone: null, lastName: null });
    const merged = mergeCustomers({ survivor, loser: anOther() }, {}, later);
    expect(detailsOf(merged.survivor)).toEqual({
      firstName: 'Anna',
      lastName: 'Kowalska',
      email: 'Anna@example.com',
      phone: '48512345679',
      note: null,
      customerType: 'new',
    });
    expect(merged.given).toEqual([
      { field: 'lastName', before: null, after: 'Kowalska' },
      { field: 'phone', before: null, after: '48512345679' },
    ]);
  });

  it('takes what the caller chooses, be it nothing', () => {
    const pair = { survivor: aCustomer({ note: 'mine' }), loser: anOther({ customerType: 'new' }) };
    const choice = { email: 'loser', note: 'loser', customerType: 'loser' } as const;
    const { survivor } = mergeCustomers(pair, choice, later);
    expect(survivor).toMatchObject({ email: 'ania@example.com', note: null, customerType: 'new' });
  });

  it.each([
    ['one', null, 'one'],
    [null, 'other', 'other'],
    ['same', 'same', 'same'],
    ['one', 'other', 'one\n\nother'],
    ['a'.repeat(10_000), 'b'.repeat(9_998), `${'a'.repeat(10_000)}\n\n${'b'.repeat(9_998)}`],
    ['a'.repeat(10_000), 'b'.repeat(9_999), 'a'.repeat(10_000)],
  ])('makes one note of two where they fit: %#', (note, others, both) => {
    const pair = { survivor: aCustomer({ note }), loser: anOther({ note: others }) };
    expect(mergeCustomers(pair, {}, later).survivor.note).toBe(both);
  });

  it('gives the survivor a new version even when no field differs, and deletes the loser', () => {
    const pair = { survivor: aCustomer(), loser: { ...aCustomer(), id: OTHER } };
    const { survivor, loser, given } = mergeCustomers(pair, {}, later);
    expect([survivor.version, survivor.updatedAt, given]).toEqual([1, later.at, []]);
    expect(loser.stateHistory.at(-1)).toEqual({ state: 'deleted', setAt: later.at });
  });

  it('refuses a result that breaks a rule', () => {
    const pair = { survivor: aCustomer(), loser: anOther({ customerType: 'new', email: null }) };
    const refused = refusalOf(() => mergeCustomers(pair, { email: 'loser' }, later));
    expect(refused).toMatchObject({ code: 'invalid-request', errors: ['regular-requires-email'] });
  });

  it.each([
    ['survivor', { survivor: aCustomer({ state: 'deleted' }), loser: anOther() }],
    ['loser', { survivor: aCustomer(), loser: anOther({ state: 'deleted' }) }],
  ])('refuses a %s who is deleted, both ways', (side, pair) => {
    expect(refusalOf(() => mergeCustomers(pair, {}, later)).code).toBe('illegal-transition');
    expect(() => mergeCustomers(pair, {}, later)).toThrow(/deleted.*Restore or unmerge it first\.$/);
    const undo = { given: [], restoreTo: 'active' } as const;
    if (side === 'survivor')
      expect(refusalOf(() => unmergeCustomers(pair, undo, START)).code).toBe('illegal-transition');
  });

  it('refuses one and the same', () => {
    expect(refusalOf(() => requireTwo(OTHER, OTHER))).toMatchObject({
      pointers: ['#/loserId'],
      errors: ['merge-with-itself'],
    });
    expect(() => requireTwo(OTHER, OTHER)).toThrow('A customer cannot be merged with itself.');
    expect(() => requireTwo(OTHER, 'a')).not.toThrow();
  });
});

describe('the time to undo it', () => {
  it('is 30 days, and the merged customer is kept as long at least', () => {
    expect(undoUntil(START).toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect([1, 30, 31, null].map(daysKept)).toEqual([30, 30, 31, null]);
  });
});

const aText = (digits: number) =>
  fc.option(fc.integer({ min: 0, max: 10 ** digits - 1 }).map((n) => String(n).padStart(digits, '1')));
/** Somebody with a name, and with contact data if the type asks for them. */
const somebody = (id: string): fc.Arbitrary<Customer> =>
  fc
    .record({
      firstName: aText(3).map((text) => text ?? 'A'),
      lastName: aText(3),
      phone: aText(11).map((text) => text && `49${text.replaceAll(/\D/g, '7').padEnd(11, '7')}`),
      email: aText(3).map((text) => text && `a${text}@example.com`),
      note: aText(3),
      customerType: fc.constantFrom(...CUSTOMER_TYPES),
      state: fc.constantFrom('active', 'suspended', 'inactive', 'archived'),
    })
    .filter(({ customerType, email, phone }) => customerType !== 'regular' || (email ?? phone) !== null)
    .map((fields) => newCustomer(id, fields, ANY));
const ANY = rules({ regularRequires: 'email-or-phone' });
const aChoice = fc.record(
  Object.fromEntries(DETAILS.map((name) => [name, fc.constantFrom(undefined, ...SIDES)])),
);

describe('a merge that is undone', () => {
  const pairs = fc.record({ survivor: somebody(ID), loser: somebody(OTHER) });
  it('gives both back, if nobody changed them since', () => {
    fc.assert(
      fc.property(pairs, aChoice, (pair, choice) => {
        let merged;
        try {
          merged = mergeCustomers(pair, choice, { ...ANY, at: after(60) });
        } catch {
          // A choice that would leave a customer without what its type asks for.
          return;
        }
        const restoreTo = pair.loser.stateHistory.at(-1)!.state;
        const undone = unmergeCustomers(merged, { given: merged.given, restoreTo }, after(120));
        expect(detailsOf(undone.survivor)).toEqual(detailsOf(pair.survivor));
        expect(detailsOf(undone.loser)).toEqual(detailsOf(pair.loser));
        expect(undone.loser.stateHistory.at(-1)!.state).toBe(restoreTo);
        expect([undone.survivor.version, undone.loser.version]).toEqual([2, 2]);
        expect([undone.returned, undone.kept]).toEqual([merged.given.map(({ field }) => field), []]);
      }),
    );
  });

  it('keeps whatever somebody changed since, and only that', () => {
    fc.assert(
      fc.property(pairs, fc.subarray([...DETAILS]), (pair, changed) => {
        const { given, ...merged } = mergeCustomers(pair, {}, { ...ANY, at: after(60) });
        const touched: readonly string[] = changed.filter((name) => name !== 'customerType');
        const edited = { ...merged.survivor, ...Object.fromEntries(touched.map((name) => [name, 'edited'])) };
        const undone = unmergeCustomers(
          { ...merged, survivor: edited },
          { given, restoreTo: 'active' },
          START,
        );
        const names = given.map(({ field }) => field);
        expect(undone.kept).toEqual(names.filter((name) => touched.includes(name)));
        expect(undone.returned).toEqual(names.filter((name) => !touched.includes(name)));
        for (const name of DETAILS)
          expect(undone.survivor[name]).toBe(touched.includes(name) ? 'edited' : pair.survivor[name]);
      }),
    );
  });
});

describe('a change that was meant for the loser', () => {
  const { settings } = later;
  const loser = aCustomer({ note: 'old' });

  it('gives the survivor what differs from the record of the loser', () => {
    const sent = { ...detailsOf(loser), note: 'late', firstName: null, customerType: 'new' } as const;
    expect(changesForSurvivor(loser, sent, settings)).toEqual({
      firstName: null,
      lastName: undefined,
      phone: undefined,
      email: undefined,
      note: 'late',
      customerType: 'new',
    });
  });

  it('gives each field alone', () => {
    const others = {
      ...{ firstName: 'Ola', lastName: 'Nowak', phone: '48512345670', email: 'ola@example.com' },
      ...{ note: 'late', customerType: 'new' },
    } as const;
    for (const name of DETAILS) {
      const changes = changesForSurvivor(loser, { [name]: others[name] }, settings);
      expect(JSON.parse(JSON.stringify(changes))).toEqual({ [name]: others[name] });
    }
  });

  it('gives nothing when the loser is sent back in another spelling', () => {
    const sent = { phone: '+48 512 345 678', firstName: ' Anna ', note: 'old' };
    expect(aCustomer().phone).toBe('+48512345678');
    const changes = changesForSurvivor(loser, sent, settings);
    expect(Object.values(changes).filter((value) => value !== undefined)).toEqual([]);
  });

  it('leaves it to the survivor to refuse what breaks a rule', () => {
    const changes = changesForSurvivor(loser, { email: 'no email', phone: null }, settings);
    expect([changes.email, changes.phone]).toEqual(['no email', null]);
  });
});

describe('a customer that was merged into another one', () => {
  const live = aCustomer();
  const deleted = moveCustomer(live, 'deleted', after(60));
  const archived = moveCustomer(live, 'archived', after(60));

  it('comes back by undoing the merge only', () => {
    const refusal = refusalOf(() => requireUnmerge({ before: deleted, after: live, isMerged: true }));
    expect(refusal).toMatchObject({ code: 'illegal-transition' });
  });

  it.each([
    ['a customer that was never merged comes back', { before: deleted, after: live, isMerged: false }],
    ['a merged one is changed and stays deleted', { before: deleted, after: deleted, isMerged: true }],
    ['a live one moves to another live state', { before: live, after: archived, isMerged: true }],
    ['a live one is deleted', { before: live, after: deleted, isMerged: true }],
  ])('is not in the way when %s', (_what, change) => {
    expect(() => requireUnmerge(change)).not.toThrow();
  });
});
