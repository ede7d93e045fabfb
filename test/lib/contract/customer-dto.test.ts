import { describe, expect, it } from '@jest/globals';
import { CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import { aCustomer, ID, START } from '#test/lib/domain/samples.ts';

const START_TEXT = '2026-01-01T00:00:00.000Z';
const WHOLE: CustomerDto = {
  _id: ID,
  object: 'CustomerDto',
  _version: '0',
  firstName: 'Anna',
  lastName: 'Kowalska',
  phone: '+48512345678',
  email: 'Anna@example.com',
  note: 'as is',
  customerType: 'regular',
  state: 'inactive',
  stateHistory: [{ state: 'inactive', setAt: START_TEXT }],
  createdAt: START_TEXT,
  updatedAt: START_TEXT,
};

describe('a customer that goes out', () => {
  it('has every field, its state as written and its moments in ISO 8601', () => {
    expect(START.toISOString()).toBe(START_TEXT);
    expect(toCustomerDto(aCustomer({ note: 'as is', state: 'inactive' }))).toEqual(WHOLE);
  });

  it('has no field that is not declared, at any depth', () => {
    const more = { ...WHOLE, secret: 1, stateHistory: [{ ...WHOLE.stateHistory[0], secret: 1 }] };
    expect(CustomerDto.parse(more)).toEqual(WHOLE);
  });

  it('may be without what nobody knows, and masked', () => {
    const little = { ...WHOLE, firstName: null, lastName: null, phone: '•••78', email: '•••', note: null };
    expect(CustomerDto.parse(little)).toEqual(little);
  });

  it.each(Object.keys(WHOLE))('is none without %s', (name) => {
    const { [name as keyof CustomerDto]: _, ...rest } = WHOLE;
    expect(CustomerDto.safeParse(rest).success).toBe(false);
  });
});
