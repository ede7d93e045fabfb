import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineQueue, type Queue } from '#lib/contract/queue.ts';
import { readEvent } from '#lib/serve/events/read-event.ts';
import { UnusableEvent } from '#lib/serve/events/unusable-event.ts';
import { aCloudEvent, bodyOf } from '#test/support/queue-messages.ts';

const BUSINESS = 'a'.repeat(24);
const contract = defineQueue({
  ...{ name: 'hear', summary: 'Hear', impact: 'nobody hears' },
  sources: ['beeoclock.order', 'beeoclock.booking'],
  types: ['beeoclock.order.changed.v1', 'beeoclock.order.removed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-customer',
  needs: [],
  input: z.object({ orderId: z.string() }),
});
const body = (overrides: object = {}, onBus: Readonly<Record<string, unknown>> = {}): string =>
  bodyOf(aCloudEvent({ id: 'e1', businessid: BUSINESS, data: { orderId: 'o1' }, ...overrides }), onBus);

/** Why a message is not an event for this queue. */
const faultOf = (text: string, asked: Queue = contract) => {
  try {
    readEvent(asked, text);
  } catch (error) {
    expect(error).toBeInstanceOf(UnusableEvent);
    const { code, ids, place } = error as UnusableEvent;
    return { code, ids, place };
  }
  throw new Error('It was read.');
};
const IDS = { eventId: 'e1', businessId: BUSINESS };

describe('a message of a queue', () => {
  it('is read with its business, its envelope and its data', () => {
    const sent = body({
      time: '2026-11-28T11:00:00+01:00',
      data: { orderId: 'o1', note: 'is not read' },
      more: 1,
    });
    expect(readEvent(contract, sent)).toStrictEqual({
      businessId: BUSINESS,
      event: {
        ...{ id: 'e1', source: 'beeoclock.order', type: 'beeoclock.order.changed.v1', subject: 'an-order' },
        time: new Date('2026-11-28T10:00:00.000Z'),
        data: { orderId: 'o1' },
      },
    });
    expect(readEvent(contract, body({ subject: undefined })).event.subject).toBeUndefined();
  });

  it('is read from each source and of each type that the contract names', () => {
    for (const source of contract.sources)
      for (const type of contract.types)
        expect(readEvent(contract, body({ source, type })).event).toMatchObject({ source, type });
  });

  it('is read from all but this service, where the contract says so', () => {
    const others = defineQueue({ ...contract, sources: 'any-other' });
    expect(readEvent(others, body({ source: 'anybody.else' })).event.source).toBe('anybody.else');
    expect(faultOf(body({ source: 'beeoclock.customer' }), others).code).toBe('not-for-this-queue');
    expect(faultOf(body({ source: 'anybody.else', type: 'other.v1' }), others).code).toBe(
      'not-for-this-queue',
    );
  });
});

describe('a message that is none', () => {
  it.each([
    ['no JSON', '{', { code: 'no-json', ids: {}, place: undefined }],
    ['a text', '"text"', { code: 'no-event-of-the-bus', ids: {}, place: undefined }],
    ['nothing', 'null', { code: 'no-event-of-the-bus', ids: {}, place: undefined }],
    ['no source on the bus', body({}, { source: 7 }), { code: 'no-event-of-the-bus', place: 'source' }],
    [
      'another source on the bus',
      body({}, { source: 'x' }),
      { code: 'source-differs', ids: IDS, place: 'source' },
    ],
    [
      'another type on the bus',
      body({}, { 'detail-type': 'x' }),
      { code: 'type-differs', ids: IDS, place: 'type' },
    ],
    ['a source of others', body({ source: 'x' }), { code: 'not-for-this-queue', ids: IDS, place: undefined }],
    ['a type of others', body({ type: 'x' }), { code: 'not-for-this-queue', ids: IDS, place: undefined }],
    [
      'data of another shape',
      body({ data: { orderId: 1 } }),
      { code: 'invalid-data', ids: IDS, place: 'orderId' },
    ],
    ['data that is none', body({ data: 'canary' }), { code: 'invalid-data', ids: IDS, place: undefined }],
  ])('has a code and a place: %s', (_what, text, expected) => {
    expect(faultOf(text)).toMatchObject(expected);
  });

  it.each([
    ['both', { time: 'never' }, IDS],
    ['that of the event', { time: 'never', businessid: 'x' }, { eventId: 'e1' }],
    ['that of the business', { id: 'Anna Canary' }, { businessId: BUSINESS }],
    ['none', { id: undefined, businessid: undefined }, {}],
  ])('has the ids that can be read: %s', (_what, overrides, ids) => {
    const fault = faultOf(body(overrides));
    expect([fault.code, fault.ids]).toStrictEqual(['no-cloud-event', ids]);
  });

  it('has no ids where the envelope is none', () => {
    for (const detail of ['text', null, 7]) expect(faultOf(bodyOf(detail))).toMatchObject({ ids: {} });
  });
});
