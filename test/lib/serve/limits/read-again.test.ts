import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mongo } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { readAgain } from '#lib/serve/limits/read-again.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { aScope } from '#test/support/a-scope.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

const PATIENCE_MS = 8_000;
beforeEach(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

type Attempts = readonly [() => Promise<string>, ...(() => Promise<string>)[]];

/** Reads with these attempts, the last one as often as needed, while the clock runs as fast as it can. */
const readingFor = async (patienceMs: number, ...attempts: Attempts) => {
  const scope = aScope('a'.repeat(24), { deadline: Date.now() + patienceMs });
  const begun: { at: number; scope: BusinessScope }[] = [];
  const startedAt = Date.now();
  let ended: { value: string | undefined; error: unknown } | undefined;
  void readAgain(scope, (attempted) => {
    begun.push({ at: Date.now() - startedAt, scope: attempted });
    return (attempts[begun.length - 1] ?? attempts.at(-1)!)();
  }).then(
    (value) => {
      ended = { value, error: undefined };
    },
    (error: unknown) => {
      ended = { value: undefined, error };
    },
  );
  const lines = await linesWrittenBy(async () => {
    while (ended === undefined && Date.now() < scope.deadline + 1_000) await jest.advanceTimersByTimeAsync(5);
  });
  if (ended === undefined) throw new Error('It has not ended in time.');
  return { ...ended, begun, scope, startedAt, endedAt: Date.now() - startedAt, lines };
};
const reading = (...attempts: Attempts) => readingFor(PATIENCE_MS, ...attempts);
const failing = (error: Error) => () => Promise.reject(error);
const answering = () => Promise.resolve('a page');
const serverError = (code: number) => new mongo.MongoServerError({ code, errmsg: 'canary' });

describe('a read that the database fails', () => {
  it.each([
    ['the network broke', new mongo.MongoNetworkError('canary')],
    ['the socket broke', Object.assign(new Error('canary'), { code: 'ECONNRESET' })],
    ['another request closed the connection', new mongo.MongoClientClosedError()],
    ['there is no primary', serverError(10107)],
    ['no server was found', new mongo.MongoServerSelectionError('canary', {} as never)],
    ['the attempt took too long', serverError(50)],
    ['the steps found it unavailable', new Unavailable('Later.')],
    ['the steps met a conflict', new Conflict('canary', { cause: new Error('canary') })],
  ])('is read again because %s', async (_what, fault) => {
    const { value, begun, lines } = await reading(failing(fault), failing(fault), answering);
    expect([value, begun.length]).toEqual(['a page', 3]);
    const told = lines.filter((line) => line.includes('read-failed'));
    expect(told).toHaveLength(2);
    expect(told.join()).not.toContain('canary');
  });

  it.each([
    ['a refusal', new Refusal('customer-not-found', 'No.')],
    ['a defect', new TypeError('x')],
    ['what only an operator can mend', new Unavailable('Later.', { isLasting: true })],
    ['another error of the server', serverError(121)],
  ])('is not read again after %s', async (_what, error) => {
    const found = await reading(failing(error), answering);
    expect([found.error, found.begun.length, found.lines]).toEqual([error, 1, []]);
  });

  it('ends in the last fault, before the deadline, when the fault stays', async () => {
    const fault = new mongo.MongoNetworkError('canary');
    const { error, begun, endedAt } = await reading(failing(fault));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ message: 'The database did not answer in time. Try again.', cause: fault });
    expect(endedAt).toBeLessThan(PATIENCE_MS);
    // Pauses grow to 480 ms at most, so attempts go on until the end, and are few.
    expect(begun.at(-1)!.at).toBeGreaterThan(PATIENCE_MS - 1_000);
    expect(begun.length).toBeGreaterThan(12);
    expect(begun.length).toBeLessThan(70);
  });

  it('pauses longer and longer between attempts', async () => {
    const { begun } = await reading(failing(new Unavailable('Later.')));
    const pauses = begun.slice(1).map(({ at }, index) => at - (begun[index]?.at ?? 0));
    for (const [index, bound] of [20, 40, 80, 160, 320, 320, 320].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(bound / 2);
      expect(pauses[index]).toBeLessThanOrEqual(bound * 1.5 + 5);
    }
  });

  it.each([
    ['half', 0, 0.5],
    ['one and a half', 0.999, 1.5],
  ])('pauses from half to one and a half of that, by chance: %s', async (_what, chance, share) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    const { begun } = await reading(failing(new Unavailable('Later.')));
    const pauses = begun.slice(1, 7).map(({ at }, index) => at - (begun[index]?.at ?? 0));
    for (const [index, bound] of [20, 40, 80, 160, 320, 320].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(bound * share - 5);
      expect(pauses[index]).toBeLessThanOrEqual(bound * share + 5);
    }
  });

  it('does not pause until the deadline, because no attempt could follow', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const failingAlways = failing(new Unavailable('Later.'));
    expect((await readingFor(20, failingAlways)).begun).toHaveLength(1);
    expect((await readingFor(25, failingAlways)).begun).toHaveLength(2);
  });

  it('ends in what the caller is told of a conflict, with the conflict as its cause', async () => {
    const conflict = new Conflict('canary', { cause: new Error('canary') });
    const { error } = await reading(failing(conflict));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ cause: conflict });
  });

  it.each([
    [500, 250],
    [499, 499],
  ])('gives an attempt, of %i ms that are left, %i ms', async (left, given) => {
    const { begun, startedAt } = await readingFor(left, answering);
    expect(begun.map((attempt) => attempt.scope.deadline - startedAt)).toEqual([given]);
  });

  it('gives an attempt half of the time that is left, and the last one all of it', async () => {
    const { error, begun, scope, startedAt, endedAt } = await reading(never);
    expect(error).toBeInstanceOf(Unavailable);
    expect(endedAt).toBeLessThanOrEqual(PATIENCE_MS + 5);
    const given = begun.map((attempt) => attempt.scope.deadline - startedAt - attempt.at);
    for (const [index, { at }] of begun.entries()) {
      const left = PATIENCE_MS - at;
      expect(given[index]).toBe(left < 500 ? left : Math.ceil(left / 2));
    }
    expect(begun[0]?.scope.deadline).toBe(startedAt + PATIENCE_MS / 2);
    expect(begun.at(-1)?.scope.deadline).toBe(scope.deadline);
    expect(begun.length).toBeGreaterThan(3);
  });

  it('has an attempt that never answers cut off, and answers with the next one', async () => {
    const { value, begun } = await reading(never, answering);
    expect([value, begun.length]).toEqual(['a page', 2]);
  });

  it('has a scope for each attempt, of the same request and caller', async () => {
    const { begun, scope } = await reading(failing(new Unavailable('Later.')), answering);
    expect(new Set([scope, ...begun.map((attempt) => attempt.scope)]).size).toBe(3);
    for (const { scope: attempted } of begun)
      expect({ ...about(attempted), deadline: 0 }).toEqual({ ...about(scope), deadline: 0 });
    expect(begun.every((attempt) => attempt.scope.request === scope.request)).toBe(true);
  });
});

const about = ({ businessId, actorId, role, mayDelete, purpose, requestId }: BusinessScope) => ({
  businessId,
  actorId,
  role,
  mayDelete,
  purpose,
  requestId,
});
