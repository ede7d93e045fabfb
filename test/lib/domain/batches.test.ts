import { describe, expect, it } from '@jest/globals';
import { takeBatches } from '#lib/domain/batches.ts';

/** A walk over these batches that counts how many were asked for. */
const walkOver = (batches: readonly number[]) => {
  const asked = { count: 0 };
  const walk = async function* () {
    for (const batch of batches) {
      asked.count += 1;
      yield await Promise.resolve(batch);
    }
  };
  return { asked, batches: walk() };
};
const clock = (...times: number[]) => ({ nowMs: () => times.shift() ?? 0, lastStartMs: 100 });

describe('taking batches', () => {
  it('takes each once, in order, and is finished when none is left', async () => {
    const taken: number[] = [];
    const take = (batch: number) => Promise.resolve(void taken.push(batch));
    expect(await takeBatches(walkOver([1, 2, 3]).batches, take, clock())).toBe('finished');
    expect(taken).toEqual([1, 2, 3]);
  });

  it('asks for no batch when it is too late for one, and is out of time', async () => {
    const { asked, batches } = walkOver([1, 2, 3]);
    const take = () => Promise.resolve(undefined);
    expect(await takeBatches(batches, take, clock(99, 100, 101))).toBe('out-of-time');
    expect(asked.count).toBe(2);
  });

  it('takes the first even when it is too late for it, where every run has to make progress', async () => {
    const { asked, batches } = walkOver([1, 2, 3]);
    const take = () => Promise.resolve(undefined);
    const limit = { ...clock(101), alwaysTakesOne: true } as const;
    expect(await takeBatches(batches, take, limit)).toBe('out-of-time');
    expect(asked.count).toBe(1);
  });

  it('stops for the reason that taking one answers', async () => {
    const { asked, batches } = walkOver([1, 2, 3]);
    const take = (batch: number) => Promise.resolve(batch === 2 ? ('enough' as const) : undefined);
    expect(await takeBatches(batches, take, clock())).toBe('enough');
    expect(asked.count).toBe(2);
  });

  it('throws what taking one throws', async () => {
    const take = () => Promise.reject(new Error('broken'));
    await expect(takeBatches(walkOver([1]).batches, take, clock())).rejects.toThrow('broken');
  });
});
