import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { keyedFieldsOf, mirrorAfter, mirrorOf } from '#lib/store/customers/link.ts';
import { aRing, BUSINESS, someKeys } from '../../privacy/rings.ts';

const AT = new Date('2026-11-28T10:00:00Z');
const ANNA: Customer = {
  id: '5f1d7f3a9c3b4e2d8a6c1b0c',
  firstName: 'Anna',
  lastName: 'Nowak',
  phone: '48512345678',
  email: 'anna@example.com',
  note: null,
  customerType: 'regular',
  stateHistory: [{ state: 'active', setAt: AT }],
  createdAt: AT,
  updatedAt: AT,
  version: 0,
};
const keys = someKeys();
const settings = DEFAULT_SETTINGS;
const KEYED = ['searchTokens', 'matchKeys', 'emailKeys', 'phoneKeys'] as const;

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const customers: fc.Arbitrary<Customer> = fc
  .record({
    firstName: oneOf('Anna', 'Zoë', null),
    lastName: oneOf('Nowak', 'NOWAK', null),
    phone: oneOf('48512345678', '48600700800', null),
    email: oneOf('anna@example.com', 'Anna@example.com', null),
    note: oneOf('Prefers mornings.', null),
    state: oneOf('active' as const, 'inactive' as const, 'deleted' as const),
  })
  .map(({ state, ...details }) => ({ ...ANNA, ...details, stateHistory: [{ state, setAt: AT }] }));

/** The keyed fields of a link after one change after the other. */
const keyedAfter = (lives: readonly [Customer, ...Customer[]]): object => {
  const [first, ...others] = lives;
  let link: object = keyedFieldsOf(first, keys);
  for (const [index, after] of others.entries()) {
    const before = lives[index] ?? first;
    const { email, phone } = after;
    link = { ...link, ...mirrorAfter({ before, after }, { keys, settings, keyUse: keyUseOf(keys) }) };
    // As a change removes them.
    if (email === null) link = { ...link, emailKeys: undefined };
    if (phone === null) link = { ...link, phoneKeys: undefined };
  }
  return Object.fromEntries(KEYED.map((name) => [name, Object(link)[name]]));
};

describe('the keyed fields of a link', () => {
  it('are after any changes those that a new customer would have', () => {
    const lives = fc.tuple(customers, customers, customers, customers);
    fc.assert(
      fc.property(lives, (changes) => {
        const [last = ANNA] = changes.slice(-1);
        const expected = { emailKeys: undefined, phoneKeys: undefined, ...keyedFieldsOf(last, keys) };
        expect(keyedAfter(changes)).toEqual(expected);
      }),
    );
  });

  it('are not written again when nothing that they are made of changes', () => {
    const after = { ...ANNA, note: 'Prefers mornings.', version: 1 };
    const mirror = mirrorAfter({ before: ANNA, after }, { keys, settings, keyUse: keyUseOf(keys) });
    expect(Object.keys(mirror).filter((name) => KEYED.some((keyed) => keyed === name))).toEqual([]);
    expect(mirror).toMatchObject({
      version: 1,
      state: 'active',
      nameKey: mirrorOf(ANNA, { keys, settings }).nameKey,
    });
  });

  it.each(['firstName', 'lastName', 'phone', 'email'] as const)('are all written when %s changes', (name) => {
    const after = { ...ANNA, [name]: null };
    const mirror = mirrorAfter({ before: ANNA, after }, { keys, settings, keyUse: keyUseOf(keys) });
    expect(mirror).toMatchObject(keyedFieldsOf(after, keys));
  });

  it.each([
    ['', 'of which nobody knows what they were made with'],
    ['k1|k1', 'of a layout from before'],
    ['k2+k1|k1+k2|2', 'of another ring'],
    ['k1|k1|2', 'made before a key was added'],
  ])('that were written with %j are written again: %s', (keyUse) => {
    const ring = someKeys(BUSINESS, aRing(1, 2));
    const after = { ...ANNA, note: 'Prefers mornings.' };
    const mirror = mirrorAfter({ before: ANNA, after }, { keys: ring, settings, keyUse });
    expect(mirror).toMatchObject(keyedFieldsOf(ANNA, ring));
  });
});
