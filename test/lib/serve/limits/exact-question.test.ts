import { describe, expect, it, jest } from '@jest/globals';
import type { Verdict } from '#lib/domain/access/exact-questions.ts';
import { type Role, ROLES } from '#lib/domain/access/scope.ts';
import { exactQuestion } from '#lib/serve/limits/exact-question.ts';
import { aScope } from '#test/support/a-scope.ts';

const GRANTED: Verdict = { isGranted: true, id: 'question-1' };
const denied = (denial: number | null, retryAfterSeconds = 700): Verdict => ({
  isGranted: false,
  denial,
  retryAfterSeconds,
});

type Asked = { role?: Role; verdict?: Verdict; found?: boolean };

/** An exact question by a role, with what was done in which order. */
const asking = async ({ role = 'SUPPORT', verdict = GRANTED, found = true }: Asked) => {
  const done: string[] = [];
  const ask = exactQuestion({
    count: () => {
      done.push('count');
      return Promise.resolve(verdict);
    },
    takeBack: (id) => {
      done.push(`take back ${id}`);
      return Promise.resolve();
    },
    report: (caller) => done.push(`report ${JSON.stringify(caller)}`),
  });
  const look = () => {
    done.push('look');
    return Promise.resolve(found);
  };
  const result = await ask(look, (hit) => hit, aScope('a'.repeat(24), { role })).catch(
    (error: unknown) => error,
  );
  return { done, result };
};

describe('an exact question of a role that sees masks', () => {
  it('is counted before the look-up, and a hit takes it back', async () => {
    const { done, result } = await asking({});
    expect([done, result]).toEqual([['count', 'look', 'take back question-1'], true]);
  });

  it('stays counted when nobody was found', async () => {
    const { done, result } = await asking({ found: false });
    expect([done, result]).toEqual([['count', 'look'], false]);
  });

  it('stays counted when the look-up fails', async () => {
    const takeBack = jest.fn(() => Promise.resolve());
    const ask = exactQuestion({ count: () => Promise.resolve(GRANTED), takeBack, report: jest.fn() });
    const failing = () => Promise.reject(new Error('no database'));
    await expect(ask(failing, () => true, aScope('a'.repeat(24), { role: 'SUPPORT' }))).rejects.toThrow(
      'no database',
    );
    expect(takeBack).not.toHaveBeenCalled();
  });

  it('is counted once for all attempts of its request, and taken back by the one that finds', async () => {
    const count = jest.fn(() => Promise.resolve(GRANTED));
    const takeBack = jest.fn(() => Promise.resolve());
    const ask = exactQuestion({ count, takeBack, report: jest.fn() });
    const scope = aScope('a'.repeat(24), { role: 'SUPPORT' });
    const look = jest
      .fn(() => Promise.resolve(true))
      .mockRejectedValueOnce(new Error('no database'))
      .mockRejectedValueOnce(new Error('no database'));
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(ask(look, (hit) => hit, scope.again())).rejects.toThrow('no database');
    expect(await ask(look, (hit) => hit, scope.again(scope.deadline - 1))).toBe(true);
    expect([count.mock.calls.length, takeBack.mock.calls.length]).toEqual([1, 1]);
    await ask(look, (hit) => hit, aScope('a'.repeat(24), { role: 'SUPPORT' }));
    expect(count).toHaveBeenCalledTimes(2);
  });

  it('is another question when the same request asks again after an answer', async () => {
    const count = jest.fn(() => Promise.resolve(GRANTED));
    const ask = exactQuestion({ count, takeBack: () => Promise.resolve(), report: jest.fn() });
    const scope = aScope('a'.repeat(24), { role: 'SUPPORT' });
    for (const hit of [false, true]) await ask(() => Promise.resolve(hit), Boolean, scope);
    expect(count).toHaveBeenCalledTimes(2);
  });

  it.each([
    [700, '12 minutes'],
    [60, '1 minute'],
    [61, '2 minutes'],
  ])(
    'is refused without a look-up when too many missed, with when to try again: %i s',
    async (seconds, wait) => {
      const { done, result } = await asking({ verdict: denied(1, seconds) });
      expect(done).toEqual(['count']);
      expect(result).toMatchObject({
        code: 'rate-limited',
        message: `Too many of your searches by email or phone found no customer. Try again in ${wait}, or search by name.`,
        details: { retryAfterSeconds: seconds },
      });
    },
  );

  it('is reported at the denial that makes many, and at no other', async () => {
    for (const denial of [1, 19, 21, null])
      expect([denial, (await asking({ verdict: denied(denial) })).done]).toEqual([denial, ['count']]);
    const caller = { limit: 'misses', actor: 'user-1', businessId: 'a'.repeat(24) };
    expect((await asking({ verdict: denied(20) })).done).toEqual([
      'count',
      `report ${JSON.stringify(caller)}`,
    ]);
  });
});

describe('an exact question of another role', () => {
  it.each(ROLES.filter((role) => role !== 'SUPPORT'))(
    'of %s costs no round trip, hit or miss',
    async (role) => {
      expect((await asking({ role })).done).toEqual(['look']);
      expect((await asking({ role, found: false })).done).toEqual(['look']);
    },
  );
});
