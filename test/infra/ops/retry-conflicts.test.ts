import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { retryConflicts } from '#infra/ops/retry-conflicts.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** An attempt that fails with these errors, one after the other, and then succeeds. */
const failing = (...errors: Error[]) => {
  const attempt = jest.fn(() => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  });
  return attempt;
};

describe('retryConflicts', () => {
  it('repeats an attempt that met a conflict, after a pause of a second', async () => {
    const attempt = failing(new Conflict('Another write came first.'));
    const startedAt = performance.now();
    expect(await retryConflicts(attempt)).toBe('done');
    expect(attempt).toHaveBeenCalledTimes(2);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it('gives up after 90 seconds', async () => {
    const attempt = failing(new Conflict('Another write came first.'));
    jest.spyOn(Date, 'now').mockReturnValueOnce(0).mockReturnValue(90_000);
    await expect(retryConflicts(attempt)).rejects.toThrow(Conflict);
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('does not repeat an attempt that fails in another way', async () => {
    const attempt = failing(new Error('broken'));
    await expect(retryConflicts(attempt)).rejects.toThrow('broken');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it.each([
    [1, 0],
    [2, 1],
    [5, 1],
  ])(
    'after %d conflicts has said %d times what it waits for, and for how long at most',
    async (conflicts, times) => {
      const attempt = failing(
        ...Array.from({ length: conflicts }, () => new Conflict('Another write came first.')),
      );
      const pauses: number[] = [];
      const lines = await linesWrittenBy(() =>
        retryConflicts(attempt, (ms) => Promise.resolve(pauses.push(ms))),
      );
      expect(pauses).toEqual(Array(conflicts).fill(1_000));
      expect(lines).toEqual(
        Array(times).fill(
          'Waiting for another write to the same customers to end, for up to 90 seconds. ' +
            'If an earlier run was killed, the database ends what it left open within a minute.',
        ),
      );
    },
  );
});
