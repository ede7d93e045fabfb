import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { isNext, type Renew, underLease, waitNext } from '#lib/store/leases/lease.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { useService } from '#test/support/service.ts';
import { countIn, documentIn } from '#test/support/stored.ts';

const service = useService('lease');
const TASK = 'finish-erasures';
const NOT_HELD = { _id: TASK as never };
const aRun = () => aSystemScope(TASK);
const held = () => documentIn(service, 'lease', NOT_HELD);
const seconds = (n: number) => new Date(Date.now() + n * 1_000);
const holdFor = (until: Date, holder = randomUUID()) =>
  service.database.collection('lease').replaceOne(NOT_HELD, { holder, until }, { upsert: true });

/** A run that works until it is told to stop. */
const working = async (scope: SystemScope = aRun()) => {
  const started = Promise.withResolvers<Renew>();
  const stopping = Promise.withResolvers<undefined>();
  const ended = underLease(scope, async (renew) => {
    started.resolve(renew);
    await stopping.promise;
    return 'done';
  });
  const renew = await started.promise;
  return { renew, stop: () => (stopping.resolve(undefined), ended) };
};

describe('a lease', () => {
  it('is of one run: another does nothing meanwhile, and works after it', async () => {
    const first = await working();
    expect(await underLease(aRun(), () => Promise.resolve('worked'))).toBeNull();
    expect(await first.stop()).toBe('done');
    expect(await countIn(service, 'lease', NOT_HELD)).toBe(0);
    expect(await underLease(aRun(), () => Promise.resolve('worked'))).toBe('worked');
  });

  it('is won by one of many runs that start at once, also when there is none yet', async () => {
    // The winner works until all have tried: a run that comes later than its end would rightly be the next one.
    const allTried = Promise.withResolvers<undefined>();
    let tried = 0;
    let atWork = 0;
    const hasTried = () => {
      tried += 1;
      if (tried === 20) allTried.resolve(undefined);
    };
    const work = async (): Promise<void> => {
      atWork += 1;
      hasTried();
      await allTried.promise;
    };
    const runs = Array.from({ length: 20 }, () => underLease(aRun(), work));
    await Promise.all(runs.map((run) => run.then((result) => result === null && hasTried())));
    expect(atWork).toBe(1);
  });

  it('lasts 90 seconds from when it was renewed last, by the database’s clock', async () => {
    const run = await working();
    const { until } = await held();
    expect(Math.abs(until.getTime() - seconds(90).getTime())).toBeLessThan(30_000);
    await service.database.collection('lease').updateOne(NOT_HELD, { $set: { until: seconds(1) } });
    expect(await run.renew()).toBe(true);
    expect((await held()).until.getTime()).toBeGreaterThan(seconds(60).getTime());
    await run.stop();
  });

  it('that a killed run left is taken over, and the run that had it hears so and takes nothing back', async () => {
    const slow = await working();
    await service.database.collection('lease').updateOne(NOT_HELD, { $set: { until: seconds(-1) } });
    const scope = aRun();
    const next = await working(scope);
    expect(await slow.renew()).toBe(false);
    await slow.stop();
    expect(await held()).toMatchObject({ holder: scope.requestId });
    await next.stop();
  });

  it('that ends later than any can is taken over: the clock was set back', async () => {
    await holdFor(seconds(3_600));
    expect(await underLease(aRun(), () => Promise.resolve('worked'))).toBe('worked');
    await holdFor(seconds(60));
    expect(await underLease(aRun(), () => Promise.resolve('worked'))).toBeNull();
    await service.database.collection('lease').deleteMany({});
  });

  it('has one run that waits for it: the newest, until another run begins', async () => {
    const RELAY = aSystemScope('relay-events');
    const run = await working(RELAY);
    const [early, late] = [aSystemScope('relay-events'), aSystemScope('relay-events')];
    await waitNext(early);
    expect([await isNext(early), await isNext(late)]).toEqual([true, false]);
    await waitNext(late);
    expect(await run.renew()).toBe(true);
    expect([await isNext(early), await isNext(late)]).toEqual([false, true]);
    await run.stop();
    const another = await working(aSystemScope('relay-events'));
    expect(await isNext(late)).toBe(false);
    await another.stop();
  });

  it('that nobody has stops no run from trying', async () => {
    const scope = aSystemScope('relay-events');
    await waitNext(scope);
    expect(await isNext(scope)).toBe(true);
  });

  it('ends when the work fails', async () => {
    await expect(underLease(aRun(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await countIn(service, 'lease', NOT_HELD)).toBe(0);
  });

  it('is taken only by a task whose list has it', async () => {
    await expect(
      underLease(aSystemScope('purge-deleted-customers'), () => Promise.resolve(1)),
    ).rejects.toThrow(/not in the list of shapes/);
  });
});
