import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { consume, type Memory, type Passed } from '../../docs/events/consumer.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { OBLIGING, type Temper } from '#test/support/fake-bus.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { SEED } from '#test/support/seed.ts';
import { aKeyring, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';
import { useBus } from '#test/support/use-bus.ts';

const CHANGES = sized({ short: 60, full: 5_000 });
const WRITERS = sized({ short: 10, full: 50 });
const KILLS = sized({ short: 2, full: 200 });
/** How long a relay works on, at most, after the bus has accepted its first event. */
const LONGEST_LEASE_MS = 60;
/** How many runs after the kills meet such a bus too. Each of them ends with a pause. */
const TROUBLED_RUNS = sized({ short: 2, full: 1_000 });
const AMPLE_MS = 60_000;

const service = useService('row-47');
const bus = useBus();
const uri = (): string => process.env['MONGODB_URI'] ?? '';

/** Numbers from 0 to 1, the same for the same seed. */
const numbers = (() => {
  let state = SEED;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
})();
const below = (end: number): number => Math.floor(numbers() * end);

const moods = { refused: 0, throttled: 0, forgotten: 0 };
/** Refuses one event in ten, is busy for one call in twenty, and forgets to answer as many. */
const troubled: Temper = (events) => {
  const chance = numbers();
  if (chance < 0.05) {
    moods.throttled += 1;
    return 'throttles';
  }
  if (chance < 0.1) {
    moods.forgotten += 1;
    return 'forgets';
  }
  return events.map(() => {
    const isRefused = numbers() < 0.1;
    if (isRefused) moods.refused += 1;
    return isRefused ? 'InternalFailure' : null;
  });
};

/** The customers and what is still to be changed of them. */
let business: Business;
let ids: string[];
beforeAll(async () => {
  business = aBusiness();
  ids = await Promise.all(Array.from({ length: WRITERS }, async () => (await added(business))._id));
});
afterEach(() => {
  bus.temper = OBLIGING;
});

/** All writers at once: each changes any of the customers, several times. */
const write = async (changes: number): Promise<void> => {
  let left = changes;
  const writer = async () => {
    while (left > 0) {
      left -= 1;
      const id = ids[below(ids.length)] ?? '';
      const note = `canary note ${String(left)} ${String(numbers())}`;
      expect((await business.change(id, { note }, { remainingMs: AMPLE_MS })).status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
};

/** Starts a relay in a process of its own, and kills it soon after it has published something. */
const relayAndKill = async (doomed: Environment): Promise<boolean> => {
  const before = bus.accepted.length;
  const run = { isOver: false, isCutShort: false };
  const work = doomed
    .run('relay-events', { batchSize: 20 })
    .catch(() => {
      run.isCutShort = true;
    })
    .finally(() => {
      run.isOver = true;
    });
  while (!run.isOver && bus.accepted.length === before) await pause(2);
  await pause(below(LONGEST_LEASE_MS));
  await doomed.kill();
  await work;
  // The lease of a killed run ends after 90 seconds.
  await service.database.collection('lease').deleteMany({});
  return run.isCutShort;
};

const start = () => startEnvironment(uri(), aKeyring(), { env: { POWERTOOLS_LOG_LEVEL: 'SILENT' } });

const publishTheRest = async (): Promise<number> => {
  const environment = await start();
  let runs = 0;
  while ((await countIn(service, 'outbox', { pending: true })) > 0) {
    await environment.run('relay-events', { batchSize: 500, lastLookMs: 100 });
    runs += 1;
    if (runs >= TROUBLED_RUNS) bus.temper = OBLIGING;
  }
  await environment.stop();
  return runs;
};

/** For each customer, the sequences in the order in which their events arrived for the first time. */
const firstArrivals = (): Map<string, number[]> => {
  const seen = new Set<string>();
  const arrivals = new Map<string, number[]>();
  for (const { event } of bus.accepted) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    arrivals.set(event.partitionkey, [...(arrivals.get(event.partitionkey) ?? []), Number(event.sequence)]);
  }
  return arrivals;
};

describe('promise 47: events arrive, in order', () => {
  it(
    'none is lost and each customer’s first arrive in order, however often the relay is killed and the bus refuses',
    async () => {
      bus.temper = troubled;
      let [changed, cutShort] = [0, 0];
      let next = start();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const doomed = await next;
        next = start();
        const share = Math.floor((CHANGES * (kill + 1)) / KILLS) - changed;
        changed += share;
        const writing = write(share);
        await pause(below(LONGEST_LEASE_MS));
        if (await relayAndKill(doomed)) cutShort += 1;
        await writing;
      }
      await (await next).stop();
      const amidKills = new Set(bus.accepted.map(({ event }) => event.id)).size;
      const runs = await publishTheRest();

      const stored = await documentsIn(service, 'outbox', {});
      const arrived = new Set(bus.accepted.map(({ event }) => event.id));
      const lost = stored.filter(({ _id }) => !arrived.has(String(_id)));
      expect(stored).toHaveLength(CHANGES + WRITERS);
      expect(lost).toEqual([]);
      const numbersOf = new Map<string, number>();
      for (const { customerId } of stored)
        numbersOf.set(String(customerId), (numbersOf.get(String(customerId)) ?? 0) + 1);
      const arrivals = firstArrivals();
      for (const [id, count] of numbersOf)
        expect(arrivals.get(id)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      expect(await heardByConsumer()).toEqual({ heard: stored.length, outOfOrder: 0 });
      const doubled = bus.accepted.length - arrived.size;
      report(
        47,
        `${CHANGES} changes of ${WRITERS} customers by ${WRITERS} writers (full: 5,000 by 50), ${cutShort} of ${KILLS} kills amid a run ` +
          `(full: 200; ${amidKills} published by then), ${moods.refused} events refused, ${moods.throttled} calls throttled, ` +
          `${moods.forgotten} answers lost: 0 lost, first arrivals in order for each of ${arrivals.size} customers, ${doubled} came again, ` +
          `none of them passed the consumer twice; ${runs} runs more (seed ${SEED})`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});

/** What the consumer of docs/events hears of all that arrived. */
const heardByConsumer = async () => {
  const passed = new Map<string, Passed>();
  const memory: Memory = {
    get: (key) => Promise.resolve(passed.get(key)),
    set: (key, value) => Promise.resolve(void passed.set(key, value)),
  };
  const heard = new Set<string>();
  const last = new Map<string, string>();
  let outOfOrder = 0;
  const hear = ({ id, partitionkey, sequence }: { id: string; partitionkey: string; sequence: string }) => {
    if (heard.has(id) || sequence <= (last.get(partitionkey) ?? '')) outOfOrder += 1;
    heard.add(id);
    last.set(partitionkey, sequence);
    return Promise.resolve();
  };
  for (const { event: detail } of bus.accepted) await consume({ detail }, { hear, memory });
  return { heard: heard.size, outOfOrder };
};
