import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mongo } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { untilSettled } from '#lib/serve/limits/until-settled.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { aScope } from '#test/support/a-scope.ts';

/** An attempt waits between half of a pause and one and a half. */
const [SHORTEST, LONGEST] = [0, 0.999_999];
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const CONFLICT = new Conflict('again');
const LAST = new Error('the time is over');
const mayPass = (failure: unknown) => failure instanceof Conflict;

/** Makes attempts, the last one as often as needed, while the clock runs as fast as it can. */
const settling = async (patienceMs: number, ...results: readonly unknown[]) => {
  const scope = aScope('a'.repeat(24), { deadline: Date.now() + patienceMs });
  const begun: { at: number; scope: BusinessScope }[] = [];
  const atLast: unknown[] = [];
  const startedAt = Date.now();
  let ended: { value?: unknown; error?: unknown } | undefined;
  const attempt = (attempted: BusinessScope): Promise<unknown> => {
    const result = results[begun.length] ?? results.at(-1);
    begun.push({ at: Date.now() - startedAt, scope: attempted });
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const makeLast = (failure: unknown) => {
    atLast.push(failure);
    return LAST;
  };
  void untilSettled(scope, attempt, { mayPass, atLast: makeLast }).then(
    (value) => (ended = { value }),
    (error: unknown) => (ended = { error }),
  );
  while (ended === undefined && Date.now() < startedAt + patienceMs + 1_000)
    await jest.advanceTimersByTimeAsync(1);
  return { ...ended, begun, atLast, scope };
};
const pausesOf = (begun: readonly { at: number }[]): number[] =>
  begun.slice(1).map(({ at }, index) => at - begun[index]!.at);

describe('attempts', () => {
  it('end with the first one that succeeds, each with a scope of its own', async () => {
    const { value, begun, scope, atLast } = await settling(5_000, CONFLICT, CONFLICT, 'done');
    expect([value, begun.length, atLast]).toEqual(['done', 3, []]);
    expect(new Set([scope, ...begun.map((one) => one.scope)]).size).toBe(4);
    for (const { scope: own } of begun) expect(own.requestId).toBe(scope.requestId);
  });

  it('end with a failure that cannot pass, whenever it comes', async () => {
    const refusal = new Refusal('legal-hold', 'canary');
    expect(await settling(5_000, refusal, 'done')).toMatchObject({ error: refusal, begun: { length: 1 } });
    expect(await settling(5_000, CONFLICT, refusal)).toMatchObject({ error: refusal, begun: { length: 2 } });
  });

  it('are told apart by what a failure of the database means', async () => {
    const collided = new mongo.MongoServerError({ code: 112, errmsg: 'canary' });
    expect(await settling(5_000, collided, 'done')).toMatchObject({ value: 'done', begun: { length: 2 } });
  });

  it('end when the time is over, with what is made of the last failure', async () => {
    const { error, begun, atLast, scope } = await settling(500, CONFLICT);
    expect([error, atLast]).toEqual([LAST, [CONFLICT]]);
    expect(begun.length).toBeGreaterThan(3);
    expect(Date.now()).toBeGreaterThanOrEqual(scope.deadline);
    expect(await settling(0, CONFLICT, 'done')).toMatchObject({ error: LAST, begun: { length: 1 } });
  });

  it.each([
    ['half', SHORTEST, [2, 4, 8, 16, 32, 60, 60]],
    ['one and a half', LONGEST, [6, 12, 24, 48, 96, 180, 180]],
  ])(
    'wait twice as long each time, at most 120 ms, between them: times %s',
    async (_what, random, expected) => {
      jest.spyOn(Math, 'random').mockReturnValue(random);
      const { begun } = await settling(2_000, ...expected.map(() => CONFLICT), 'done');
      // The clock goes by whole milliseconds.
      for (const [index, pause] of pausesOf(begun).entries())
        expect(Math.abs(pause - expected[index]!)).toBeLessThanOrEqual(1);
      expect(begun).toHaveLength(expected.length + 1);
    },
  );
});
