import { describe, expect, it } from '@jest/globals';
import { OrderInput, PaymentInput } from '#lib/contract/activity-events.ts';
import { anOrderDto, anOrderLine, aPaymentDto } from '#test/support/activity.ts';

const ID = 'a'.repeat(24);
const OTHER = 'b'.repeat(24);
const person = (overrides: object = {}) => ({
  ...{ _id: ID, customerType: 'regular', firstName: 'Anna', lastName: null, email: 'anna@example.com' },
  ...{ phone: null, note: 'is not read' },
  ...overrides,
});
const NOBODY = { customerType: null, firstName: null, lastName: null, email: null, phone: null };

const linesOf = (appointment: object, line: Readonly<Record<string, unknown>> = {}) => {
  const one: any = anOrderLine([], line);
  Object.assign(one.orderAppointmentDetails, appointment);
  return OrderInput.parse(anOrderDto([], { services: [one] })).lines;
};
const people = (many: number) =>
  Array.from({ length: many }, (_, index) => person({ _id: index.toString(16).padStart(24, '0') }));

describe('what is read of an order', () => {
  it('is its id, states, times, and of each line the service, the specialists and the people', () => {
    const order = OrderInput.parse(anOrderDto([person()], { _id: ID.toUpperCase() }));
    expect(order).toEqual({
      id: ID,
      status: 'confirmed',
      state: 'active',
      createdAt: new Date('2026-05-01T10:00:00.000Z'),
      lines: [
        {
          status: 'accepted',
          state: 'active',
          serviceId: expect.stringMatching(/^[0-9a-f]{24}$/),
          start: new Date('2026-06-01T10:00:00.000Z'),
          end: new Date('2026-06-01T11:00:00.000Z'),
          specialistIds: [expect.stringMatching(/^[0-9a-f]{24}$/)],
          attendees: [
            { ...NOBODY, id: ID, customerType: 'regular', firstName: 'Anna', email: 'anna@example.com' },
          ],
        },
      ],
    });
  });

  it('is also an order without lines, states and times', () => {
    const bare = { id: ID, status: '', state: null, createdAt: null, lines: [] };
    expect(OrderInput.parse({ _id: ID })).toEqual(bare);
    expect(OrderInput.parse({ _id: ID, status: 7, state: {}, services: null })).toEqual(bare);
    expect(OrderInput.parse({ _id: ID, services: [{}] }).lines).toEqual([
      ...[{ status: null, state: null, serviceId: null, start: null, end: null }].map((line) => ({
        ...line,
        specialistIds: [],
        attendees: [],
      })),
    ]);
  });

  it('is bare people and specialists of the booking page, and no empty texts', () => {
    const specialists = [{ _id: ID, wasSelectedAnybody: true }, { member: { _id: OTHER } }, 'nobody', null];
    const [line] = linesOf({ attendees: ['', null, person({ _id: 'none' }), {}], specialists });
    expect(line?.specialistIds).toEqual([ID, OTHER]);
    expect(line?.attendees).toMatchObject([
      { id: null, firstName: 'Anna' },
      { ...NOBODY, id: null },
    ]);
  });

  it('is no longer word than 50 characters', () => {
    expect(OrderInput.parse({ _id: ID, status: 'x'.repeat(60) }).status).toBe('x'.repeat(50));
  });

  it.each([
    ['100 people in one line', [people(100)], true],
    ['100 people, each in two lines', [people(100), people(100)], true],
    ['101 people in one line', [people(101)], false],
    ['101 people in two lines', [people(60), people(101).slice(60)], false],
    [
      '51 people without an id, in two lines',
      [1, 2].map(() => people(51).map(({ _id, ...one }) => one)),
      false,
    ],
  ])('may name %s: %#', (_what, lines, isRead) => {
    const services = lines.map((attendees: any) => {
      const line: any = anOrderLine([]);
      line.orderAppointmentDetails.attendees = attendees;
      return line;
    });
    const { success, error } = OrderInput.safeParse(anOrderDto([], { services }));
    expect(success).toBe(isRead);
    for (const { path } of error?.issues ?? []) expect(path[0]).toBe('services');
  });

  it.each([
    ['an id that is none', { _id: 'x' }],
    ['a start that is no moment', { services: [anOrderLine([], { start: 'tomorrow' })] }],
    ['an end before 1970', { services: [anOrderLine([], { end: '1960-01-01T00:00:00Z' })] }],
    ['a change after 2286', { updatedAt: '2300-01-01T00:00:00Z' }],
    ['101 lines', { services: Array.from({ length: 101 }, () => anOrderLine([])) }],
  ])('is nothing with %s', (_what, overrides) => {
    expect(OrderInput.safeParse(anOrderDto([], overrides)).success).toBe(false);
  });
});

describe('what is read of a payment', () => {
  it('is its ids, states, amount and payer', () => {
    const sent = aPaymentDto(person(), { _id: ID, orderId: OTHER, paymentDate: '2026-06-02T09:00:00Z' });
    expect(PaymentInput.parse(sent)).toEqual({
      ...{ id: ID, orderId: OTHER, status: 'succeeded', state: 'active', amount: 120.5, currency: 'PLN' },
      ...{ method: 'CASH', providerType: 'onSite', paymentDate: new Date('2026-06-02T09:00:00Z') },
      payer: { ...NOBODY, id: ID, customerType: 'regular', firstName: 'Anna', email: 'anna@example.com' },
    });
  });

  it('is also one of nobody, without order, currency and method', () => {
    const bare = { orderId: null, payer: null, currency: null, method: null, providerType: null };
    expect(PaymentInput.parse({ _id: ID, amount: 0 })).toEqual({
      ...{ id: ID, status: '', state: null, amount: 0, paymentDate: null },
      ...bare,
    });
    expect(PaymentInput.parse({ _id: ID, amount: 10 ** 12, payer: '', orderId: 7 })).toMatchObject(bare);
  });

  it.each([
    [{ amount: -0.01 }],
    [{ amount: 10 ** 12 + 1 }],
    [{ amount: Number.NaN }],
    [{ amount: Number.POSITIVE_INFINITY }],
    [{ amount: undefined }],
    [{ currency: 'XYZ' }],
    [{ currency: 'eur' }],
    [{ currency: 7 }],
    [{ paymentDate: '1969-12-31T23:59:59.999Z' }],
    [{ updatedAt: 'yesterday' }],
  ])('is nothing with %j', (overrides) => {
    expect(PaymentInput.safeParse(aPaymentDto(null, overrides)).success).toBe(false);
  });
});
