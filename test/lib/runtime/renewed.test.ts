import { describe, expect, it } from '@jest/globals';
import { renewed } from '#lib/runtime/renewed.ts';

/** A source whose clock and readings are in the test's hands. */
const aSource = () => {
  const failures: unknown[] = [];
  const source = {
    nowMs: 0,
    stored: 'a',
    reads: 0,
    fails: null as Error | null,
    hold: null as Promise<void> | null,
  };
  const value = renewed<string>({
    read: async () => {
      source.reads += 1;
      await source.hold;
      if (source.fails !== null) throw source.fails;
      return source.stored;
    },
    renewAfterMs: 60,
    tooOldAfterMs: 300,
    onFailure: (error) => failures.push(error),
    nowMs: () => source.nowMs,
  });
  return { source, value, failures };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a renewed value', () => {
  it('is read on first use, and once however many ask', async () => {
    const { source, value } = aSource();
    expect(source.reads).toBe(0);
    expect(await Promise.all([value.get(), value.get()])).toEqual(['a', 'a']);
    source.nowMs = 59;
    expect(await value.get()).toBe('a');
    expect(source.reads).toBe(1);
  });

  it('is read again beside whoever asks when it is due: nobody waits', async () => {
    const { source, value } = aSource();
    await value.get();
    source.stored = 'b';
    source.nowMs = 60;
    source.hold = new Promise(() => undefined);
    expect(await Promise.all([value.get(), value.get()])).toEqual(['a', 'a']);
    expect(source.reads).toBe(2);
  });

  it('is at rest when nothing is read, and when what was being read has come or has failed', async () => {
    const { source, value } = aSource();
    await value.atRest();
    await value.get();
    let go = (): void => undefined;
    source.hold = new Promise<void>((resolve) => (go = resolve));
    source.fails = new Error('Not now.');
    source.nowMs = 60;
    await value.get();
    let isAtRest = false;
    const atRest = value.atRest().then(() => (isAtRest = true));
    await settled();
    expect(isAtRest).toBe(false);
    go();
    await atRest;
    expect(await value.get()).toBe('a');
  });

  it('is the new one for whoever asks after that', async () => {
    const { source, value } = aSource();
    await value.get();
    source.stored = 'b';
    source.nowMs = 60;
    await value.get();
    await settled();
    expect(await value.get()).toBe('b');
  });

  it('is waited for when it is too old, as after a long freeze', async () => {
    const { source, value } = aSource();
    await value.get();
    source.stored = 'b';
    source.nowMs = 300;
    expect(await value.get()).toBe('b');
  });

  it('is read at once for who knows that it is out of date', async () => {
    const { source, value } = aSource();
    await value.get();
    source.stored = 'b';
    expect(await value.getAnew()).toBe('b');
    expect(await value.get()).toBe('b');
  });

  it('goes on when it cannot be read again, is tried again when due, and the failure is told', async () => {
    const { source, value, failures } = aSource();
    await value.get();
    source.fails = new Error('broken');
    source.nowMs = 300;
    expect(await value.get()).toBe('a');
    expect(await value.get()).toBe('a');
    expect([failures, source.reads]).toEqual([[source.fails], 2]);
    source.fails = null;
    source.stored = 'b';
    source.nowMs = 360;
    await value.get();
    await settled();
    expect(await value.get()).toBe('b');
  });

  it('fails when there never was one, and is tried again by the next', async () => {
    const { source, value, failures } = aSource();
    source.fails = new Error('broken');
    await expect(value.get()).rejects.toThrow('broken');
    source.fails = null;
    expect(await value.get()).toBe('a');
    expect(failures).toEqual([]);
  });

  it('is not what a reading brings that began before it was told to forget', async () => {
    const { source, value } = aSource();
    let release = (): void => undefined;
    source.hold = new Promise((resolve) => (release = resolve));
    const older = value.get();
    value.forget();
    source.hold = null;
    source.stored = 'b';
    expect(await value.get()).toBe('b');
    source.stored = 'a';
    release();
    await older;
    expect(await value.get()).toBe('b');
  });
});
