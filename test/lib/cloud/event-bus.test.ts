import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { putOnBus } from '#lib/cloud/event-bus.ts';
import type { NewEvent } from '#lib/cloud/new-event.ts';
import { OBLIGING } from '#test/support/fake-bus.ts';
import { useBus } from '#test/support/use-bus.ts';

const bus = useBus();
const soon = (): number => Date.now() + 30_000;
const time = new Date('2026-01-31T23:59:59.000Z');
const anEvent = (number: number): NewEvent => ({
  ...{ source: 'a.source', type: 'a.type', time },
  detail: JSON.stringify({ number }),
});
const events = [1, 2, 3].map(anEvent);

beforeEach(() => {
  bus.temper = OBLIGING;
  bus.accepted.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a bus', () => {
  it('gets each event as it was given', async () => {
    expect(await putOnBus('a-bus', events, soon())).toEqual([null, null, null]);
    expect(bus.accepted).toEqual(
      [1, 2, 3].map((number) => ({
        ...{ bus: 'a-bus', source: 'a.source', type: 'a.type', time: time.getTime() / 1_000 },
        event: { number },
      })),
    );
  });

  it('says of each event why it refuses it', async () => {
    bus.temper = () => [null, 'InternalFailure', null];
    expect(await putOnBus('a-bus', events, soon())).toEqual([null, 'InternalFailure', null]);
    expect(bus.accepted.map(({ event }) => event.number)).toEqual([1, 3]);
  });

  it('that is busy is asked five times', async () => {
    // The SDK waits for a random part of up to 8 seconds.
    jest.spyOn(Math, 'random').mockReturnValue(0.01);
    let calls = 0;
    bus.temper = (given) => {
      calls += 1;
      return calls < 5 ? 'throttles' : OBLIGING(given);
    };
    expect(await putOnBus('a-bus', events, soon())).toEqual([null, null, null]);
    calls = Number.NEGATIVE_INFINITY;
    await expect(putOnBus('a-bus', events, soon())).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('that does not answer ends the call at its deadline', async () => {
    bus.temper = () => 'breaks';
    await expect(putOnBus('a-bus', events, Date.now() + 50)).rejects.toThrow();
    expect(bus.accepted).toEqual([]);
  });
});
