import { describe, expect, it } from '@jest/globals';
import { lazy } from '#lib/runtime/lazy.ts';

describe('lazy', () => {
  it('makes a value once, however many ask at once', async () => {
    let made = 0;
    const value = lazy(() => Promise.resolve((made += 1)));
    expect(await Promise.all([value.get(), value.get(), value.get()])).toEqual([1, 1, 1]);
    expect(await value.get()).toBe(1);
  });

  it('makes nothing before it is asked', () => {
    let made = 0;
    lazy(() => Promise.resolve((made += 1)));
    expect(made).toBe(0);
  });

  it('forgets a failure, so that the next one tries again', async () => {
    let tries = 0;
    const value = lazy(() => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error(`try ${String(tries)}`)) : Promise.resolve('there');
    });
    await expect(value.get()).rejects.toThrow('try 1');
    await expect(Promise.all([value.get(), value.get()])).rejects.toThrow('try 2');
    expect(await value.get()).toBe('there');
  });

  it('makes a new one after it was told to forget', async () => {
    let made = 0;
    const value = lazy(() => Promise.resolve((made += 1)));
    await value.get();
    void value.forget();
    expect(await value.get()).toBe(2);
  });

  it('keeps a newer value when an older one fails late', async () => {
    const failures: ((error: Error) => void)[] = [];
    const value = lazy(() => new Promise<string>((_, reject) => failures.push(reject)));
    const older = value.get();
    void value.forget();
    const newer = value.get();
    failures[0]?.(new Error('late'));
    await expect(older).rejects.toThrow('late');
    expect(value.get() === newer).toBe(true);
  });
});
