import { describe, expect, it } from '@jest/globals';
import { AttendeeDraft, toAttendee } from '#lib/contract/attendee-draft.ts';

const ID = 'a'.repeat(24);
/** What a copy of a customer has beside the person. */
const OF_A_COPY = [
  ...['object', '_version', 'note', 'state', 'stateHistory', 'createdAt', 'updatedAt'],
  ...['syncedAt', 'syncErrors', 'active'],
];

describe('an attendee', () => {
  const NOBODY = { id: null, customerType: null, firstName: null, lastName: null, email: null, phone: null };

  it('is the customer in it, or the bare person', () => {
    const customer = { _id: ID.toUpperCase(), customerType: 'new', firstName: 'Canary' };
    const sent = AttendeeDraft.parse({ _id: 'b'.repeat(24), customer });
    expect(toAttendee(sent)).toEqual({ ...NOBODY, id: ID, customerType: 'new', firstName: 'Canary' });
    const bare = AttendeeDraft.parse({ _id: ID, lastName: 'Canary', email: 'a@canary.example', phone: '' });
    expect(toAttendee(bare)).toEqual({
      ...{ ...NOBODY, id: ID, lastName: 'Canary', email: 'a@canary.example', phone: '' },
    });
    expect(toAttendee(AttendeeDraft.parse({}))).toEqual(NOBODY);
  });

  it('is not both', () => {
    for (const name of ['firstName', 'lastName', 'email', 'phone'])
      expect(AttendeeDraft.safeParse({ customer: {}, [name]: 'x' }).success).toBe(false);
    expect(AttendeeDraft.safeParse({ customer: {}, note: 'x', firstTime: true }).success).toBe(true);
    expect(AttendeeDraft.safeParse({ iban: 'x' }).success).toBe(false);
  });

  it('may have what a copy of a customer has, which is not read', () => {
    const copy = Object.fromEntries(OF_A_COPY.map((name) => [name, { canary: name }]));
    const customer = { _id: ID, customerType: null, phone: '+48123456789' };
    for (const sent of [
      { customer: { ...customer, ...copy }, ...copy, firstTime: 7, takenAt: [] },
      { ...copy, _id: ID, phone: '+48123456789' },
    ])
      expect(toAttendee(AttendeeDraft.parse(sent))).toEqual({ ...NOBODY, id: ID, phone: '+48123456789' });
    for (const name of ['firstTime', 'takenAt', 'iban'])
      expect(AttendeeDraft.safeParse({ customer: { [name]: 1 } }).success).toBe(false);
  });

  it('has the rules of a customer for its id, its type and its texts', () => {
    for (const wrong of [{ _id: 'x' }, { firstName: 7 }, { phone: 'x'.repeat(300) }])
      for (const sent of [wrong, { customer: wrong }])
        expect(AttendeeDraft.safeParse(sent).success).toBe(false);
    expect(AttendeeDraft.safeParse({ customer: { customerType: 'vip' } }).success).toBe(false);
    expect(AttendeeDraft.safeParse({ customerType: 'new' }).success).toBe(false);
    expect(toAttendee(AttendeeDraft.parse({ customer: { lastName: 'C', email: 'e' } }))).toEqual({
      ...{ ...NOBODY, lastName: 'C', email: 'e' },
    });
  });
});
