import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { aCloudEvent } from '#test/support/queue-messages.ts';
import { eventUseCases } from '#test/support/event-use-cases/made.ts';

let gateway: Gateway;
const lines: string[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    assembly: join(await eventUseCases(), 'cdk.out'),
    log: (_name, line) => lines.push(line),
    hiddenMs: 20,
  });
});
afterAll(() => gateway.stop());

const ask = async (path: string, body?: unknown): Promise<{ status: number; body: any }> => {
  const answer = await fetch(`${gateway.url}/_local/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
};
const until = async <T>(look: () => Promise<T>, isRight: (found: T) => boolean): Promise<T> => {
  for (;;) {
    const found = await look();
    if (isRight(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const QUEUE = 'CustomerManagement-hear-orders-events';
const queue = async () => (await ask('queues')).body.find(({ name }: any) => name === QUEUE);
const isIdle = ({ waiting, inFlight }: any): boolean => waiting === 0 && inFlight === 0;
const isEmpty = (counts: any): boolean => isIdle(counts) && counts.dead === 0;
const order = (then: string, orderId = 'an-order') => aCloudEvent({ data: { orderId, then } });
const handledIds = () =>
  lines.filter((line) => line.includes('"event-handled"')).map((line) => JSON.parse(line).eventId as string);

describe('an event that is put as another service would', () => {
  it('reaches the function, and is shown among those that came in', async () => {
    const event = order('done');
    const { status, body } = await ask('events', event);
    expect([status, body]).toEqual([202, { ids: [event['id']] }]);
    await until(
      () => Promise.resolve(handledIds()),
      (ids) => ids.includes(String(event['id'])),
    );
    const [shown] = (await ask('events?direction=in&limit=1')).body;
    expect(shown).toMatchObject({
      direction: 'in',
      bus: 'CustomerManagement',
      source: 'beeoclock.order',
      'detail-type': 'beeoclock.order.changed.v1',
      detail: event,
      rules: ['CustomerManagement-hear-orders'],
    });
    await until(queue, isEmpty);
  });

  it('may leave out what most events have in common', async () => {
    const { body } = await ask('events', {
      source: 'beeoclock.order',
      type: 'beeoclock.order.changed.v1',
      businessid: 'a'.repeat(24),
      data: { orderId: 'short' },
    });
    await until(
      () => Promise.resolve(handledIds()),
      (ids) => ids.includes(body.ids[0]),
    );
  });

  it('that no rule wants is shown, and goes nowhere', async () => {
    await ask('events', [aCloudEvent({ source: 'nobody' }), aCloudEvent({ type: 'nothing.v1' })]);
    const shown = (await ask('events?direction=in&limit=2')).body;
    expect(shown.map(({ rules }: any) => rules)).toEqual([[], []]);
  });

  it.each([['text'], [[1]], [{}], [{ source: 'a' }], [{ type: 'a' }]])(
    'is refused when it is %j',
    async (body) => {
      expect((await ask('events', body)).status).toBe(400);
    },
  );

  it.each(['limit=0', 'limit=x', 'direction=up'])('is not shown for %s', async (query) => {
    expect((await ask(`events?${query}`)).status).toBe(400);
  });
});

describe('a message that fails', () => {
  it('is a dead letter after five receives, while the others of its batch are done', async () => {
    const poison = order('fail');
    const others = Array.from({ length: 9 }, () => order('done'));
    await ask('events', [...others.slice(0, 4), poison, ...others.slice(4)]);
    await until(queue, (counts) => isIdle(counts) && counts.dead === 1);
    for (const { id } of others as { id: string }[])
      expect(handledIds().filter((one) => one === id)).toHaveLength(1);
    const failures = lines
      .filter((line) => line.includes('"event-failed"') && line.includes(String(poison['id'])))
      .map((line) => JSON.parse(line).receives);
    expect(failures).toEqual([1, 2, 3, 4, 5]);
  });

  it('comes back by a redrive, by the name of the queue or of the use case', async () => {
    expect((await ask('queues/hear-orders/redrive', {})).body).toEqual({ moved: 1 });
    await until(queue, (counts) => isIdle(counts) && counts.dead === 1);
    expect((await ask(`queues/${QUEUE}/redrive`, {})).body).toEqual({ moved: 1 });
    await until(queue, (counts) => isIdle(counts) && counts.dead === 1);
    expect((await ask('queues/nothing/redrive', {})).status).toBe(404);
    expect((await ask('queues/%E0%A4%A/redrive', {})).status).toBe(404);
  });

  it('with its whole batch, when the process ends, is received again and blocks nothing', async () => {
    const [deadBefore, done] = [(await queue()).dead, order('done')];
    await ask('events', [order('exit'), done]);
    const { dead } = await until(queue, (counts) => isIdle(counts) && counts.dead > deadBefore);
    expect(dead - deadBefore).toBeGreaterThanOrEqual(1);
    const other = order('done');
    await ask('events', other);
    await until(
      () => Promise.resolve(handledIds()),
      (ids) => ids.includes(String(other['id'])),
    );
  });
});

describe('a function that puts events on the bus', () => {
  it('may if its contract says so, and its events are shown among those that went out', async () => {
    const entry = {
      Source: 'beeoclock.customer',
      DetailType: 'beeoclock.customer.changed.v1',
      Detail: '{"id":"o-1"}',
    };
    const answer: any = await gateway.runSchedule('tell-others', { entries: [entry] });
    expect(answer).toMatchObject({
      status: 200,
      said: { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
    });
    const shown = (await ask('events?direction=out')).body;
    expect(shown).toContainEqual(expect.objectContaining({ direction: 'out', detail: { id: 'o-1' } }));
  });

  it('is told which entries failed', async () => {
    const entries = [
      { Source: 'a', DetailType: 'b', Detail: 'no json' },
      { Source: '', DetailType: 'b', Detail: '{}' },
      { Source: 'a', DetailType: 'b', Detail: '{}' },
    ];
    const { said }: any = await gateway.runSchedule('tell-others', { entries });
    expect(said.FailedEntryCount).toBe(2);
    expect(said.Entries.map(({ ErrorCode }: any) => ErrorCode)).toEqual([
      'MalformedDetail',
      'InvalidArgument',
      undefined,
    ]);
  });

  it.each([
    [
      'eleven entries',
      Array.from({ length: 11 }, () => ({ Source: 'a', DetailType: 'b', Detail: '{}' })),
      'ValidationException',
    ],
    [
      'another bus',
      [{ EventBusName: 'other', Source: 'a', DetailType: 'b', Detail: '{}' }],
      'ResourceNotFoundException',
    ],
    [
      'a field that is not played',
      [{ Source: 'a', DetailType: 'b', Detail: '{}', TraceHeader: 'x' }],
      'ValidationException',
    ],
  ])('is refused %s', async (_what, entries, code) => {
    const answer: any = await gateway.runSchedule('tell-others', { entries });
    expect(answer).toMatchObject({ status: 400, said: { __type: code } });
  });

  it('is refused when its role has no such grant', async () => {
    const answer: any = await gateway.invoke('tell-nobody', {});
    expect(answer).toMatchObject({ status: 400, said: { __type: 'AccessDeniedException' } });
    expect(lines.join('\n')).toContain(
      'CustomerManagement-tell-nobody is not authorized to perform events:PutEvents',
    );
  });

  it('is started sooner by the log line that hastens it', async () => {
    const told = async () =>
      (await ask('events?direction=out&limit=1000')).body.filter(
        (one: any) => one['detail-type'] === 'told.v1',
      );
    const before = (await told()).length;
    await ask('events', order('done'));
    await until(told, (found) => found.length > before);
  });
});
