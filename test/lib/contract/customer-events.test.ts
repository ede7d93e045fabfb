import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_EVENTS, isEventType, toCloudEvent } from '#lib/contract/customer-events.ts';
import type { CustomerEvent, CustomerEventType } from '#lib/domain/messages/customer-event.ts';

const [ID, BUSINESS, CUSTOMER, SURVIVOR] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(24)) as [
  ...[string, string, string, string],
];
const CHANGES = [{ purpose: 'marketing', channel: 'email', granted: true }] as const;
/** An event that has everything which any type may have. */
const anEvent = (type: CustomerEventType, overrides: object = {}): CustomerEvent => ({
  ...{ id: ID, type, businessId: BUSINESS, customerId: CUSTOMER, seq: 7, version: 3, state: 'active' },
  ...{ at: new Date('2026-01-01T00:00:00.000Z'), fields: ['email', 'preferences.language'] },
  ...{ changes: CHANGES, from: 'active', to: 'suspended', survivorId: SURVIVOR },
  ...overrides,
});
const FIELDS = { fields: ['email', 'preferences.language'] };
const EXPECTED: readonly (readonly [CustomerEventType, string, object])[] = [
  ['customer-created', 'created', FIELDS],
  ['customer-changed', 'changed', FIELDS],
  ['customer-state-changed', 'state-changed', { ...FIELDS, from: 'active', to: 'suspended' }],
  ['customer-merged', 'merged', { survivorId: SURVIVOR }],
  ['customer-unmerged', 'unmerged', { survivorId: SURVIVOR }],
  ['customer-erased', 'erased', { cause: 'request' }],
  ['customer-purged', 'purged', { cause: 'retention' }],
  ['consent-changed', 'consent-changed', { changes: CHANGES }],
  ['hold-changed', 'hold-changed', {}],
  ['archived-away', 'archived-away', {}],
  ['recalled', 'recalled', {}],
];
const fits = (type: CustomerEventType, overrides: object): boolean =>
  toCloudEvent(anEvent(type, overrides)) !== null;

describe('an event on the bus', () => {
  it.each(EXPECTED)('%s is a CloudEvent with what its type declares and nothing else', (type, name, more) => {
    expect(toCloudEvent(anEvent(type))).toStrictEqual({
      specversion: '1.0',
      id: ID,
      source: 'beeoclock.customer',
      type: `beeoclock.customer.${name}.v1`,
      time: '2026-01-01T00:00:00.000Z',
      subject: CUSTOMER,
      businessid: BUSINESS,
      partitionkey: CUSTOMER,
      sequence: '0000000007',
      data: { customerId: CUSTOMER, version: 3, state: 'active', ...more },
    });
  });

  it('may lack what an earlier version did not write', () => {
    const earlier = { fields: undefined, changes: undefined, survivorId: undefined };
    for (const [type] of EXPECTED) expect(fits(type, { ...earlier, seq: 0 })).toBe(true);
  });

  it.each([
    ['an id that is none', { id: `${ID}a` }],
    ['an id with more before it', { id: `-${ID}` }],
    ['a business that is none', { businessId: '' }],
    ['a customer that is none', { customerId: 'x'.repeat(24) }],
    ['a number of eleven digits', { seq: 10 ** 10 }],
    ['a version below zero', { version: -1 }],
    ['a state that is none', { state: 'gone' }],
    ['a value in place of a field’s name', { fields: ['Anna Canary'] }],
    ['a value after a field’s name', { fields: ['email '] }],
    ['a value after a field’s part', { fields: ['preferences.language anna'] }],
    ['a value before a field’s name', { fields: ['1email'] }],
  ])('is none with %s', (_what, overrides) => {
    expect(fits('customer-created', overrides)).toBe(false);
  });

  it('names fields of up to 40 letters, and their parts', () => {
    for (const name of ['a', 'aB', 'x'.repeat(40), `${'x'.repeat(40)}.${'y'.repeat(40)}`])
      expect(fits('customer-created', { fields: [name] })).toBe(true);
    for (const name of ['x'.repeat(41), `x.${'y'.repeat(41)}`, 'x.Y', 'x.', 'x.y.z'])
      expect(fits('customer-created', { fields: [name] })).toBe(false);
  });

  it('tells of consents by words, channels and yes or no', () => {
    const withConsent = (part: object) => fits('consent-changed', { changes: [{ ...CHANGES[0], ...part }] });
    for (const purpose of ['ab', 'order-updates', 'a1', `a${'-'.repeat(39)}`])
      expect(withConsent({ purpose })).toBe(true);
    for (const purpose of ['a', 'Ab', '1a', 'a b', `a${'-'.repeat(40)}`])
      expect(withConsent({ purpose })).toBe(false);
    expect([withConsent({ channel: 'fax' }), withConsent({ granted: 'yes' })]).toEqual([false, false]);
    for (const name of ['purpose', 'channel', 'granted'])
      expect(withConsent({ [name]: undefined })).toBe(false);
  });

  it('tells both states of a change of state, and a survivor by its id', () => {
    for (const name of ['from', 'to'])
      for (const state of [undefined, 'gone'])
        expect(fits('customer-state-changed', { [name]: state })).toBe(false);
    for (const type of ['customer-merged', 'customer-unmerged'] as const)
      expect(fits(type, { survivorId: 'x' })).toBe(false);
  });

  it('is none of a type that this version does not know', () => {
    for (const type of ['customer-married', 'toString', '']) {
      expect(isEventType(type)).toBe(false);
      expect(toCloudEvent(anEvent(type as CustomerEventType))).toBeNull();
    }
    expect(Object.keys(CUSTOMER_EVENTS).every(isEventType)).toBe(true);
  });
});
