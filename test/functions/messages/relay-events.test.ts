import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as relayEvents } from '#functions/messages/relay-events/handler.ts';
import { underLease } from '#lib/store/leases/lease.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { OBLIGING } from '#test/support/fake-bus.ts';
import { useBus } from '#test/support/use-bus.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('relay-events');
const bus = useBus();
const relay = (input: object = {}): Promise<any> => run(relayEvents, { lastLookMs: 100, ...input });
const LEFT_TO_ANOTHER = { outcome: 'another-run', published: 0, refused: 0, lagSeconds: null };
const HASTENED = { awslogs: { data: 'H4sI' } };
const outbox = () => service.database.collection('outbox');

/** A customer with this many events. */
const changed = async (events: number, business = aBusiness()): Promise<string> => {
  const { _id } = await added(business);
  for (let change = 1; change < events; change += 1)
    await business.change(_id, { note: `canary note ${String(change)}` });
  return _id;
};
const heardOf = (id: string): any[] =>
  bus.accepted.flatMap(({ event }) => (event.subject === id ? [event] : []));
const numbersOf = (id: string): number[] => heardOf(id).map(({ sequence }) => Number(sequence));

beforeEach(async () => {
  bus.temper = OBLIGING;
  await outbox().deleteMany({});
  bus.accepted.length = 0;
  bus.calls.length = 0;
});

describe('what waits', () => {
  it('is put on the bus, and is kept with the time', async () => {
    const business = aBusiness();
    const id = await changed(1, business);
    expect(await relay()).toEqual({ outcome: 'finished', published: 1, refused: 0, lagSeconds: 0 });
    const stored = await documentIn(service, 'outbox', { customerId: id });
    expect(stored).not.toHaveProperty('pending');
    expect(Date.now() - stored.publishedAt.getTime()).toBeLessThan(60_000);
    const [accepted] = bus.accepted;
    expect(accepted).toMatchObject({
      ...{ bus: 'a-bus', source: 'beeoclock.customer', type: 'beeoclock.customer.created.v1' },
      event: { id: String(stored._id), subject: id, businessid: business.businessId, specversion: '1.0' },
    });
    expect(accepted?.event).toMatchObject({ source: accepted?.source, type: accepted?.type });
    expect((accepted?.time ?? 0) * 1_000).toBeCloseTo(stored.at.getTime(), -1);
  });

  it('is put there once', async () => {
    await changed(2);
    await relay();
    expect(await relay()).toMatchObject({ outcome: 'finished', published: 0 });
    expect(bus.accepted).toHaveLength(2);
  });

  it('goes in the order of each customer, one of each at a time and ten customers at most', async () => {
    const ids = [await changed(4)];
    for (let others = 0; others < 12; others += 1) ids.push(await changed(others % 3));
    await relay({ batchSize: 3 });
    for (const [index, id] of ids.entries())
      expect(numbersOf(id)).toEqual(
        Array.from({ length: index === 0 ? 4 : Math.max(1, (index - 1) % 3) }, (_, nth) => nth + 1),
      );
    for (const events of bus.calls) {
      expect(events.length).toBeLessThanOrEqual(10);
      expect(new Set(events.map(({ subject }) => subject)).size).toBe(events.length);
    }
    expect(Math.max(...bus.calls.map(({ length }) => length))).toBeGreaterThan(1);
  });

  it('goes in the order of the numbers, whatever the ids say', async () => {
    const id = await changed(3);
    const events = await documentsIn(service, 'outbox', { customerId: id });
    await outbox().deleteMany({});
    for (const { _id: _, ...event } of events.toReversed())
      await outbox().insertOne({ ...event, _id: new Types.ObjectId() });
    await relay();
    expect(numbersOf(id)).toEqual([1, 2, 3]);
  });

  it('goes too if an earlier version wrote it without a number', async () => {
    const id = await changed(2);
    await outbox().updateMany({}, { $unset: { seq: '', fields: '' } });
    await relay();
    expect(numbersOf(id)).toEqual([0, 0]);
    expect(heardOf(id).map(({ type }) => type)).toEqual([
      'beeoclock.customer.created.v1',
      'beeoclock.customer.changed.v1',
    ]);
  });
});

describe('a refused event', () => {
  it('waits, and only the later ones of its customer wait for it', async () => {
    const [troubled, other] = [await changed(3), await changed(3)];
    bus.temper = (events) =>
      events.map(({ subject, sequence }) =>
        subject === troubled && Number(sequence) === 2 ? 'InternalFailure' : null,
      );
    expect(await relay()).toMatchObject({ outcome: 'finished', published: 4, refused: 1 });
    expect([numbersOf(troubled), numbersOf(other)]).toEqual([[1], [1, 2, 3]]);
    const waiting = await documentsIn(service, 'outbox', { pending: true });
    expect(waiting.map(({ seq, tries }) => [seq, tries])).toEqual([
      [2, 1],
      [3, undefined],
    ]);
    bus.temper = OBLIGING;
    expect(await relay()).toMatchObject({ published: 2, refused: 0 });
    expect(numbersOf(troubled)).toEqual([1, 2, 3]);
  });

  it('is in the log by its ids, and nothing of it', async () => {
    const id = await changed(2);
    bus.temper = (events) => events.map(() => 'InternalFailure');
    const lines = await linesWrittenBy(() => relay());
    const logged = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'event-refused');
    const { _id, businessId } = await documentIn(service, 'outbox', { customerId: id, seq: 1 });
    expect(logged).toMatchObject([
      { businessId: String(businessId), customerId: id, event: String(_id), code: 'InternalFailure' },
    ]);
    expect(await countIn(service, 'outbox', { customerId: id, pending: true })).toBe(2);
  });

  it('is one that this version does not know, too', async () => {
    const [strange, other] = [await changed(2), await changed(1)];
    await outbox().updateOne(
      { customerId: new Types.ObjectId(strange), seq: 1 },
      { $set: { type: 'customer-cloned' } },
    );
    expect(await relay()).toMatchObject({ outcome: 'finished', published: 1, refused: 1 });
    expect([numbersOf(strange), numbersOf(other)]).toEqual([[], [1]]);
  });
});

describe('a bus that fails', () => {
  it('loses nothing: the events wait for the next run', async () => {
    const id = await changed(2);
    bus.temper = () => 'breaks';
    expect(await relay()).toMatchObject({ outcome: 'bus-failed', published: 0, refused: 0 });
    bus.temper = OBLIGING;
    expect(await relay()).toMatchObject({ outcome: 'finished', published: 2 });
    expect(numbersOf(id)).toEqual([1, 2]);
  });

  it('is asked again by the same run when it is busy for a moment', async () => {
    const id = await changed(1);
    let isBusy = true;
    bus.temper = (events) => {
      const was = isBusy;
      isBusy = false;
      return was ? 'throttles' : OBLIGING(events);
    };
    expect(await relay()).toMatchObject({ outcome: 'finished', published: 1 });
    expect(numbersOf(id)).toEqual([1]);
  });
});

describe('a run', () => {
  const whileAnotherWorks = async <T>(ms: number, steps: () => Promise<T>): Promise<T> => {
    let isTaken = () => {};
    const taken = new Promise<void>((resolve) => (isTaken = resolve));
    const other = underLease(aSystemScope('relay-events'), async () => {
      isTaken();
      await pause(ms);
    });
    await taken;
    const result = await steps();
    await other;
    return result;
  };

  it('of the schedule leaves it to another one that works', async () => {
    await changed(1);
    expect(await whileAnotherWorks(500, () => relay())).toEqual(LEFT_TO_ANOTHER);
  });

  it('that was hastened waits for the other one to end', async () => {
    const id = await changed(1);
    expect(await whileAnotherWorks(500, () => relay(HASTENED))).toMatchObject({ published: 1 });
    expect(numbersOf(id)).toEqual([1]);
  });

  it('that was hastened does not wait for long', async () => {
    expect(await whileAnotherWorks(3_600, () => relay(HASTENED))).toMatchObject({ outcome: 'another-run' });
  });

  it('that was hastened leaves the waiting to a later one: one waits, however many are started', async () => {
    const id = await changed(1);
    const lease = service.database.collection<{ _id: string; next?: string }>('lease');
    const until = new Date(Date.now() + 60_000);
    await lease.insertOne({ _id: 'relay-events', holder: 'another run', until } as never);
    const runs: Promise<any>[] = [];
    const waiting = async () => (await lease.findOne({ _id: 'relay-events' }))?.next;
    while (runs.length < 5) {
      const before = await waiting();
      runs.push(relay(HASTENED));
      while ((await waiting()) === before) await pause(5);
    }
    const last = runs.pop();
    expect(await Promise.all(runs)).toEqual(runs.map(() => LEFT_TO_ANOTHER));
    await lease.deleteMany({});
    expect(await last).toMatchObject({ outcome: 'finished', published: 1 });
    expect(numbersOf(id)).toEqual([1]);
  });

  it('finds what comes just after it found nothing', async () => {
    const running = relay({ lastLookMs: 2_000 });
    await pause(400);
    const id = await changed(1);
    expect(await running).toMatchObject({ outcome: 'finished', published: 1 });
    expect(numbersOf(id)).toEqual([1]);
  });

  it('ends in time, and reports the age of what it leaves, by the clock of the database', async () => {
    const id = await changed(1);
    await outbox().updateMany({}, { $set: { at: new Date(Date.now() - 400_000) } });
    const outcome = await run(relayEvents, {}, 20_500);
    expect(outcome).toMatchObject({ outcome: 'out-of-time', published: 0 });
    expect(outcome.lagSeconds).toBeGreaterThan(399);
    expect(outcome.lagSeconds).toBeLessThan(460);
    expect(numbersOf(id)).toEqual([]);
  });

  it('reports the lag each time, but not when another one works', async () => {
    const metricsOf = async (steps: () => Promise<unknown>) => metricsIn(await linesWrittenBy(steps));
    expect(await metricsOf(() => relay())).toEqual(['OutboxLagSeconds']);
    await whileAnotherWorks(300, async () => {
      expect(await metricsOf(() => relay())).toEqual([]);
    });
  });
});
