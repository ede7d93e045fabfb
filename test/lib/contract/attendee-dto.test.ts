import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  AttendeeDto,
  orderParameters,
  PayerDto,
  SnapshotUse,
  toAttendeeDto,
  toPayerDto,
} from '#lib/contract/attendee-dto.ts';
import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { aCustomer } from '#test/lib/domain/samples.ts';

const ID = 'a'.repeat(24);
const AT = new Date('2026-01-02T00:00:00.000Z');
const customer = aCustomer();
const ATTENDEE = {
  ...{ object: 'AttendeeDto', customer: toCustomerDto(customer), firstTime: true, takenAt: AT.toISOString() },
};
const PAYER = { payer: toCustomerDto(customer), takenAt: AT.toISOString() };

describe('a copy of a customer', () => {
  it('for an order says whether it is the first time, and when the copy was taken', () => {
    expect(toAttendeeDto({ customer, firstTime: true, takenAt: AT })).toStrictEqual(ATTENDEE);
    expect(toAttendeeDto({ customer, firstTime: false, takenAt: AT }).firstTime).toBe(false);
  });

  it('for a payment has the customer as the payer', () => {
    expect(toPayerDto({ customer, takenAt: AT })).toStrictEqual(PAYER);
  });

  it.each<[string, z.ZodType, object]>([
    ['an order', AttendeeDto, ATTENDEE],
    ['a payment', PayerDto, PAYER],
  ])('for %s has each of its fields, and no other', (_what, schema, copy) => {
    expect(schema.parse({ ...copy, secret: 1 })).toStrictEqual(copy);
    for (const name of Object.keys(copy))
      expect(schema.safeParse({ ...copy, [name]: undefined }).success).toBe(false);
    expect(schema.safeParse({ ...copy, object: 'PayerDto' }).success).toBe(schema === PayerDto);
  });
});

describe('a request for a copy', () => {
  const parameters = z.object(orderParameters);

  it('is for an order if nothing is said, or for a payment', () => {
    expect([undefined, 'attendee', 'payer'].map((use) => SnapshotUse.parse(use))).toEqual([
      ...['attendee', 'attendee', 'payer'],
    ]);
    expect(SnapshotUse.safeParse('guest').success).toBe(false);
  });

  it('may say when the order begins, and which order is left out', () => {
    expect(parameters.parse({})).toStrictEqual({});
    expect(parameters.parse({ at: AT.toISOString(), exceptOrder: ID.toUpperCase() })).toStrictEqual({
      at: AT,
      exceptOrder: ID,
    });
    for (const wrong of [{ at: '2026-01-02' }, { exceptOrder: 'x' }])
      expect(parameters.safeParse(wrong).success).toBe(false);
  });
});
