import { describe, expect, it } from '@jest/globals';
import { detailsOf, isNobody, withoutFaults } from '#lib/domain/activity/attendee.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { anAttendee } from './samples.ts';

const NOTHING = { firstName: null, lastName: null, email: null, phone: null };
const read = (overrides: object, settings = DEFAULT_SETTINGS) =>
  detailsOf(withoutFaults(anAttendee(overrides), settings), settings);

describe('a customer that an order names', () => {
  it('is regular where the rules allow it, whatever type the order says', () => {
    expect(read({ customerType: 'new' })).toEqual({
      details: {
        firstName: 'Anna',
        lastName: 'Canary',
        email: 'anna@example.com',
        phone: '+48123456789',
        note: null,
        customerType: 'regular',
      },
      violations: [],
    });
  });

  it('is unregistered where they do not', () => {
    expect(read({ email: null })).toMatchObject({
      details: { customerType: 'unregistered' },
      violations: [],
    });
    const either = { ...DEFAULT_SETTINGS, regularRequires: 'email-or-phone' as const };
    expect(read({ email: null }, either).details.customerType).toBe('regular');
  });

  it('loses an email, a phone and the end of a name that no customer can have', () => {
    expect(read({ email: 'at home', phone: '12', firstName: `${'x'.repeat(49)} yz` })).toMatchObject({
      details: { email: null, phone: null, firstName: 'x'.repeat(49), customerType: 'unregistered' },
      violations: [],
    });
  });

  it('keeps its faults for who wants to be told', () => {
    const { violations } = detailsOf(anAttendee({ email: 'at home' }), DEFAULT_SETTINGS);
    expect(violations.map(({ pointer }) => pointer)).toEqual(['#/email']);
  });
});

describe('nobody is found or made', () => {
  it.each([
    ['by an anonymous one', { customerType: 'anonymous' }, true],
    ['without name and contact', NOTHING, true],
    ['by blanks', { ...NOTHING, firstName: '  ', email: '' }, true],
    ['by faults alone', { ...NOTHING, email: 'at home' }, true],
    ['by a name without an id', { ...NOTHING, id: null, firstName: 'Anna' }, true],
    ['unless there is a name with an id', { ...NOTHING, firstName: 'Anna' }, false],
    ['unless there is a contact', { ...NOTHING, id: null, phone: '+48123456789' }, false],
  ])('%s', (_what, overrides, expected) => {
    expect(isNobody(anAttendee(overrides), read(overrides))).toBe(expected);
  });
});
