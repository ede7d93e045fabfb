import { describe, expect, it } from '@jest/globals';
import { BusEvent, CloudEvent } from '#lib/contract/cloud-event.ts';

const SENT = {
  specversion: '1.0',
  id: 'e1',
  source: 'beeoclock.order',
  type: 'beeoclock.order.changed.v1',
  time: '2026-11-28T11:00:00+01:00',
  subject: 'an-order',
  businessid: 'A'.repeat(24),
  data: { any: 'thing' },
};
const fits = (overrides: object): boolean => CloudEvent.safeParse({ ...SENT, ...overrides }).success;

describe('an envelope', () => {
  it('has its time as a moment and its business in small letters; what else it has is ignored', () => {
    expect(CloudEvent.parse({ ...SENT, traceparent: 'x' })).toStrictEqual({
      ...SENT,
      time: new Date('2026-11-28T10:00:00.000Z'),
      businessid: 'a'.repeat(24),
    });
  });

  it.each([
    ['specversion', ['1.0'], ['0.3', '1.1', 1]],
    ['id', ['!', '~', 'x'.repeat(128)], ['', 'a b', 'é', 'x'.repeat(129), '\u007f', 7]],
    [
      ...(['source', ['a', 'https://a.example/b-c_d:1', 'x'.repeat(100)]] as const),
      ['', 'anna@example.com', 'a b', 'x'.repeat(101)],
    ],
    ['type', ['a', 'a.b-c1', 'x'.repeat(128)], ['', 'A', '1a', '.a', 'a b', 'a.B', 'x'.repeat(129)]],
    [
      ...(['time', ['1970-01-01T00:00:00Z', '2286-11-20T17:46:39.999Z']] as const),
      ['1969-12-31T23:59:59.999Z', '2286-11-20T17:46:40Z', '2026-11-28', '2026-11-28T10:00:00', 0],
    ],
    ['subject', [undefined, 'x', 'x'.repeat(255)], ['', 'x'.repeat(256), 7]],
    [
      ...(['businessid', ['0123456789abcdefABCDEF01']] as const),
      ['a'.repeat(23), 'a'.repeat(25), 'g'.repeat(24), `${'a'.repeat(24)}\n`],
    ],
    ['data', [null, 'text'], []],
  ])('has a %s', (name, right: readonly unknown[], wrong: readonly unknown[]) => {
    for (const value of right) expect([value, fits({ [name]: value })]).toEqual([value, true]);
    for (const value of wrong) expect([value, fits({ [name]: value })]).toEqual([value, false]);
  });

  it.each(['specversion', 'id', 'source', 'type', 'time', 'businessid'])('always has a %s', (name) => {
    expect(fits({ [name]: undefined })).toBe(false);
  });
});

describe('an event as the bus delivers it', () => {
  it('has a source, a type and what was sent', () => {
    const event = { source: 'a', 'detail-type': 'b', detail: SENT };
    expect(BusEvent.parse({ ...event, account: 'x' })).toStrictEqual(event);
    for (const name of ['source', 'detail-type'])
      expect(BusEvent.safeParse({ ...event, [name]: undefined }).success).toBe(false);
  });
});
