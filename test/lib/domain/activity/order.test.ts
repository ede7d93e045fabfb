import { describe, expect, it } from '@jest/globals';
import { bothParts, type Order, orderFacts, participantsOf } from '#lib/domain/activity/order.ts';
import { aLine, anAttendee, anOrder, atHour } from './samples.ts';

const AT = atHour(9);
const countsOf = (order: Order) => orderFacts(order, order.lines, AT).counts;
const ofLine = (line: Partial<ReturnType<typeof aLine>>, order: Partial<Order> = {}) =>
  countsOf(anOrder({ ...order, lines: [aLine(line)] }));

describe('an order counts', () => {
  it.each([
    ['requested', 'booked'],
    ['confirmed', 'booked'],
    ['waitingForPayment', 'booked'],
    ['inProgress', 'booked'],
    ['done', 'visit'],
    ['cancelled', 'cancelled'],
    ['rejected', 'cancelled'],
    ['draft', 'no'],
    ['deleted', 'no'],
    ['pending', 'no'],
    ['constructor', 'no'],
    ['', 'no'],
  ])('%s as %s, where its lines have no status', (status, counts) => {
    expect(ofLine({ status: null }, { status })).toBe(counts);
  });

  it.each([
    ['requested', 'booked'],
    ['accepted', 'booked'],
    ['ready', 'booked'],
    ['inProgress', 'booked'],
    ['done', 'visit'],
    ['rejected', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['deleted', 'no'],
    ['postponed', 'no'],
  ])('by a line that is %s as %s', (status, counts) => {
    expect(ofLine({ status })).toBe(counts);
    expect(ofLine({ status }, { status: 'done' })).toBe(counts);
  });

  it.each(['cancelled', 'rejected'])('as cancelled when it is %s, whatever its lines say', (status) => {
    expect(ofLine({ status: 'done' }, { status })).toBe('cancelled');
  });

  it.each([
    [{ state: 'deleted' }, {}],
    [{ status: 'draft' }, {}],
    [{ status: 'somethingNew' }, {}],
    [{}, { state: 'deleted' }],
  ])('nothing when %j, and its line is %j', (order, line) => {
    expect(ofLine({ status: 'done', ...line }, order)).toBe('no');
    expect(ofLine({ status: null, ...line }, order)).toBe('no');
  });

  it('once for a customer with several lines, by the best of them', () => {
    const lines = (...statuses: string[]) => statuses.map((status) => aLine({ status }));
    expect(countsOf(anOrder({ lines: lines('cancelled', 'done', 'accepted') }))).toBe('visit');
    expect(countsOf(anOrder({ lines: lines('cancelled', 'accepted') }))).toBe('booked');
    expect(countsOf(anOrder({ lines: lines('deleted', 'cancelled') }))).toBe('cancelled');
  });
});

describe('what is kept of an order', () => {
  it('is when the part that counts begins and ends, and each line', () => {
    const lines = [
      aLine({ status: 'cancelled', start: atHour(7), end: atHour(8) }),
      aLine({ status: 'done', start: atHour(12), end: atHour(13) }),
      aLine({ status: 'done', start: atHour(10), end: atHour(11), specialistIds: [] }),
    ];
    expect(orderFacts(anOrder({ lines }), lines, AT)).toEqual({
      kind: 'order',
      status: 'confirmed',
      counts: 'visit',
      startAt: atHour(10),
      endAt: atHour(13),
      services: [
        {
          serviceId: 'b'.repeat(24),
          specialistIds: ['c'.repeat(24)],
          status: 'cancelled',
          startAt: atHour(7),
        },
        { serviceId: 'b'.repeat(24), specialistIds: ['c'.repeat(24)], status: 'done', startAt: atHour(12) },
        { serviceId: 'b'.repeat(24), specialistIds: [], status: 'done', startAt: atHour(10) },
      ],
      hasLeft: false,
    });
  });

  it('begins when it was created, else when the state was stored, if no line has a time', () => {
    const lines = [aLine({ start: null, end: null, status: null, serviceId: null })];
    expect(orderFacts(anOrder({ lines }), lines, AT)).toMatchObject({
      startAt: atHour(8),
      endAt: null,
      services: [{ serviceId: null, status: '', startAt: null }],
    });
    expect(orderFacts(anOrder({ lines, createdAt: null }), lines, AT).startAt).toEqual(AT);
  });
});

describe('who takes part', () => {
  it('is listed once for each id, with the lines', () => {
    const [one, other] = [anAttendee(), anAttendee({ id: 'f'.repeat(24) })];
    const lines = [
      aLine({ attendees: [one, one] }),
      aLine({ attendees: [other] }),
      aLine({ attendees: [one] }),
    ];
    expect(participantsOf(anOrder({ lines }))).toEqual([
      { attendee: one, lines: [lines[0], lines[2]] },
      { attendee: other, lines: [lines[1]] },
    ]);
  });

  it('is listed with each line when it has no id', () => {
    const unnamed = anAttendee({ id: null });
    const lines = [aLine({ attendees: [unnamed] }), aLine({ attendees: [unnamed] })];
    expect(participantsOf(anOrder({ lines }))).toEqual(
      lines.map((line) => ({ attendee: unnamed, lines: [line] })),
    );
  });

  it('counts once when it was two customers and is one now', () => {
    const lines = [
      aLine({ status: 'accepted', start: atHour(8), end: atHour(9) }),
      aLine({ status: 'done', start: atHour(12), end: atHour(13) }),
    ];
    const [booked, visit] = lines.map((line) => orderFacts(anOrder(), [line], AT));
    const both = { counts: 'visit', startAt: atHour(12), endAt: atHour(13) };
    expect(bothParts(booked!, visit!)).toMatchObject({ ...both, services: { length: 2 } });
    expect(bothParts(visit!, booked!)).toMatchObject(both);
  });
});
