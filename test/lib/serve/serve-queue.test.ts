import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Concerned, defineQueue, type EventOf } from '#lib/contract/queue.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { serveQueue } from '#lib/serve/serve-queue.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { isAccessLine } from '#test/support/access-lines.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { aCloudEvent, aMessage, bodyOf, deliver } from '#test/support/queue-messages.ts';
import { aBusinessId, aContext } from '#test/support/service.ts';

const contract = defineQueue({
  name: 'hear',
  summary: 'Hear',
  impact: 'nobody hears',
  sources: ['beeoclock.order'],
  types: ['beeoclock.order.changed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-customer',
  needs: [],
  input: z.object({ orderId: z.string(), lines: z.array(z.object({ at: z.int() })).default([]) }),
});
type Heard = EventOf<typeof contract>;

const nobody: Concerned = { customers: [], fields: [] };
const message = (overrides = {}, data: unknown = { orderId: 'o-1' }) =>
  aMessage(bodyOf(aCloudEvent({ data, ...overrides })));

/** A handler, and what its use case received. */
const hearing = (steps: (event: Heard, scope: BusinessScope) => unknown = () => undefined) => {
  const heard: Heard[] = [];
  const scopes: BusinessScope[] = [];
  const handler = serveQueue(contract, async (event, scope) => {
    heard.push(event);
    scopes.push(scope);
    return ((await steps(event, scope)) as Concerned | undefined) ?? nobody;
  });
  return { handler, heard, scopes };
};

const linesAbout = async (steps: () => unknown) =>
  (await linesWrittenBy(steps)).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
const named = (lines: readonly any[], event: string) => lines.filter(({ message: name }) => name === event);

describe('an event that is handled', () => {
  it('reaches the use case with its envelope and its parsed data', async () => {
    const { handler, heard } = hearing();
    const sent = message({ id: 'e-1', time: '2026-11-28T11:00:00+01:00' }, { orderId: 'o-1', note: 'x' });
    expect(await deliver(handler, [sent])).toEqual([]);
    expect(heard).toEqual([
      {
        id: 'e-1',
        source: 'beeoclock.order',
        type: 'beeoclock.order.changed.v1',
        time: new Date('2026-11-28T10:00:00.000Z'),
        subject: 'an-order',
        data: { orderId: 'o-1', lines: [] },
      },
    ]);
  });

  it('acts in the business of its envelope, in the role SERVICE, under the name of its source', async () => {
    const { handler, scopes } = hearing();
    const businessid = aBusinessId();
    const sent = message({ businessid: businessid.toUpperCase() });
    await deliver(handler, [sent]);
    expect(scopes).toMatchObject([
      {
        businessId: businessid,
        actorId: 'event:beeoclock.order',
        role: 'SERVICE',
        mayDelete: false,
        purpose: 'serve-customer',
        requestId: sent.messageId,
      },
    ]);
  });

  it('has one line in the access log, with the customers that it concerned', async () => {
    const customer = aBusinessId();
    const { handler } = hearing(() => ({ customers: [customer], fields: ['email'] }));
    const businessid = aBusinessId();
    const sent = message({ businessid, id: 'e-2' });
    const lines = await linesWrittenBy(() => deliver(handler, [sent]));
    const { timestamp: _timestamp, ...entry } = JSON.parse(lines.filter(isAccessLine).join());
    expect(entry).toEqual({
      message: 'customer-accessed',
      requestId: sent.messageId,
      useCase: 'hear',
      purpose: 'serve-customer',
      actor: 'event:beeoclock.order',
      role: 'SERVICE',
      business: businessid,
      outcome: 'unchanged',
      status: 200,
      filters: [],
      fields: ['email'],
      masked: [],
      customers: [customer],
    });
  });

  it('is logged with ids and no part of its data', async () => {
    const { handler } = hearing();
    const businessid = aBusinessId();
    const lines = await linesAbout(() =>
      deliver(handler, [message({ id: 'e-3', businessid }, { orderId: 'canary' })]),
    );
    expect(named(lines, 'event-handled')).toMatchObject([
      { eventId: 'e-3', businessId: businessid, outcome: 'unchanged' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('waits for the one before it', async () => {
    let running = 0;
    let most = 0;
    const { handler } = hearing(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    });
    await deliver(handler, [message(), message(), message()]);
    expect(most).toBe(1);
  });
});

describe('an event that fails', () => {
  it('is given back alone', async () => {
    const { handler, heard } = hearing(({ data }) => {
      if (data.orderId === 'poison') throw new Error('canary');
    });
    const poison = message({}, { orderId: 'poison' });
    expect(await deliver(handler, [message(), poison, message()])).toEqual([poison.messageId]);
    expect(heard).toHaveLength(3);
  });

  it('is given back with all others when all fail, without an error of the invocation', async () => {
    const { handler } = hearing(() => Promise.reject(new Error('canary')));
    const sent = [message(), message()];
    expect(await deliver(handler, sent)).toEqual(sent.map(({ messageId }) => messageId));
  });

  it('is logged as a defect, counted, and not in the access log', async () => {
    const { handler } = hearing(() => Promise.reject(new Error('canary')));
    const written = await linesWrittenBy(() => deliver(handler, [message()]));
    expect(metricsIn(written)).toEqual(['DefectMet']);
    expect(written.filter(isAccessLine)).toEqual([]);
    expect(written.join()).toContain('"defect"');
    expect(written.join()).not.toContain('canary');
  });

  it('is logged with the code of the rule that refused it', async () => {
    const { handler } = hearing(() => Promise.reject(new Refusal('legal-hold', 'canary')));
    const lines = await linesAbout(() => deliver(handler, [message({ id: 'e-4' })]));
    expect(named(lines, 'event-failed')).toMatchObject([{ code: 'legal-hold', eventId: 'e-4', receives: 1 }]);
  });

  it('does not stay in the next invocation', async () => {
    let isBroken = true;
    const { handler } = hearing(() => (isBroken ? Promise.reject(new Error('once')) : undefined));
    const sent = message();
    expect(await deliver(handler, [sent])).toEqual([sent.messageId]);
    isBroken = false;
    expect(await deliver(handler, [sent])).toEqual([]);
  });
});

describe('what may pass', () => {
  it.each([
    ['another write that came first', new Conflict('again')],
    ['a database that does not answer', new Unavailable('later')],
  ])('%s is tried again within the invocation, with a scope of its own', async (_what, failure) => {
    let tries = 0;
    const { handler, scopes } = hearing(() => (++tries < 4 ? Promise.reject(failure) : undefined));
    expect(await deliver(handler, [message()])).toEqual([]);
    expect(new Set(scopes).size).toBe(4);
  });

  it('is not tried again where an operator must act', async () => {
    const { handler, heard } = hearing(() =>
      Promise.reject(new Unavailable('a wrong address', { isLasting: true })),
    );
    expect(await deliver(handler, [message()])).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('is given back where less than 5 s are left', async () => {
    const { handler, heard } = hearing();
    const sent = [message(), message()];
    let given: string[] = [];
    const lines = await linesAbout(async () => {
      given = await deliver(handler, sent, 4_999);
    });
    expect(given).toEqual(sent.map(({ messageId }) => messageId));
    expect(heard).toEqual([]);
    expect(lines.map(({ message: name, code }) => [name, code])).toEqual([
      ['event-failed', 'no-time-left'],
      ['event-failed', 'no-time-left'],
    ]);
  });

  it('fails the invocation when it is none, without a word of it', async () => {
    const { handler } = hearing();
    const invoke = handler as unknown as (batch: unknown, context: unknown) => Promise<unknown>;
    await expect(invoke({ detail: 'canary' }, aContext(60_000))).rejects.toThrow(/^hear failed;/);
  });
});

const body = (overrides: object, onBus = {}) =>
  bodyOf(aCloudEvent({ data: { orderId: 'o-1' }, ...overrides }), onBus);

describe('an event that can never be right', () => {
  it.each([
    ['no JSON', '{"detail":', 'no-json', undefined],
    ['no event of the bus', '"text"', 'no-event-of-the-bus', undefined],
    ['no CloudEvent', bodyOf('text'), 'no-cloud-event', undefined],
    ['another version', body({ specversion: '0.3' }), 'no-cloud-event', 'specversion'],
    ['no id', body({ id: undefined }), 'no-cloud-event', 'id'],
    ['an id with spaces', body({ id: 'Anna Kowalska' }), 'no-cloud-event', 'id'],
    ['an id of 129 characters', body({ id: 'x'.repeat(129) }), 'no-cloud-event', 'id'],
    ['a source that is an address', body({ source: 'anna@example.com' }), 'no-cloud-event', 'source'],
    ['no business', body({ businessid: undefined }), 'no-cloud-event', 'businessid'],
    ['a malformed business', body({ businessid: 'x'.repeat(24) }), 'no-cloud-event', 'businessid'],
    ['a longer business', body({ businessid: 'a'.repeat(25) }), 'no-cloud-event', 'businessid'],
    ['no time', body({ time: undefined }), 'no-cloud-event', 'time'],
    ['a day as its time', body({ time: '2026-11-28' }), 'no-cloud-event', 'time'],
    ['a time before 1970', body({ time: '1969-12-31T23:59:59.999Z' }), 'no-cloud-event', 'time'],
    ['a time after 2286', body({ time: '2286-11-20T17:46:40.000Z' }), 'no-cloud-event', 'time'],
    ['an empty subject', body({ subject: '' }), 'no-cloud-event', 'subject'],
    ['another source on the bus', body({}, { source: 'other' }), 'source-differs', 'source'],
    ['another type on the bus', body({}, { 'detail-type': 'other' }), 'type-differs', 'type'],
    ['a source of another queue', body({ source: 'beeoclock.payment' }), 'not-for-this-queue', undefined],
    ['a type of another queue', body({ type: 'other.v1' }), 'not-for-this-queue', undefined],
    ['no data', body({ data: undefined }), 'no-cloud-event', 'data'],
    ['data of another shape', body({ data: { orderId: 1 } }), 'invalid-data', 'orderId'],
    [
      'a wrong place in a list',
      body({ data: { orderId: '', lines: [{ at: 1 }, {}] } }),
      'invalid-data',
      'lines.1.at',
    ],
  ])('%s is given back, and its log line names code and place', async (_what, text, code, place) => {
    const { handler, heard } = hearing();
    const sent = aMessage(text, 3);
    let given: string[] = [];
    const lines = await linesAbout(async () => {
      given = await deliver(handler, [sent]);
    });
    expect(given).toEqual([sent.messageId]);
    expect(heard).toEqual([]);
    const [failed] = named(lines, 'event-failed');
    expect(failed).toMatchObject({ code, receives: 3, requestId: sent.messageId });
    expect(failed.place).toBe(place);
  });

  it.each([
    ['the first moment', '1970-01-01T00:00:00.000Z'],
    ['the last moment', '2286-11-20T17:46:39.999Z'],
  ])('does not include %s', async (_what, time) => {
    const { handler, heard } = hearing();
    expect(await deliver(handler, [message({ time })])).toEqual([]);
    expect(heard).toMatchObject([{ time: new Date(time) }]);
  });

  it('is logged with the ids that can be read', async () => {
    const { handler } = hearing();
    const businessid = aBusinessId();
    const sent = [
      aMessage(body({ id: 'e-5', businessid, time: 'never' })),
      aMessage(body({ id: 'e-6', businessid, data: {} })),
      aMessage(body({ id: 7, businessid: 'x' })),
    ];
    const lines = await linesAbout(() => deliver(handler, sent));
    expect(named(lines, 'event-failed').map(({ eventId, businessId }) => [eventId, businessId])).toEqual([
      ['e-5', businessid],
      ['e-6', businessid],
      [undefined, undefined],
    ]);
  });
});

describe('the sources of a queue', () => {
  const others = defineQueue({ ...contract, sources: 'any-other', types: ['confirmed.v1'] });
  const handler = serveQueue(others, () => Promise.resolve(nobody));
  const from = (source: string) => message({ source, type: 'confirmed.v1' });

  it('may be all but this service', async () => {
    const own = from('beeoclock.customer');
    expect(await deliver(handler, [from('anybody.else'), own])).toEqual([own.messageId]);
  });
});

describe('a permission that the role SERVICE lacks', () => {
  it('fails every event', async () => {
    const forbidden = defineQueue({ ...contract, permission: 'MANAGE_CUSTOMER_PRIVACY' });
    const handler = serveQueue(forbidden, () => Promise.resolve(nobody));
    expect(await deliver(handler, [message()])).toHaveLength(1);
  });
});
