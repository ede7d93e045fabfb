import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProgram } from '#infra/local/database/installation/machine.ts';
import { withLock } from '#infra/local/database/installation/lock.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

// The lock belongs to the Linux installation; elsewhere there is none.
const describeWithFlock = (await findProgram('flock')) ? describe : describe.skip;

describeWithFlock('withLock', () => {
  it('lets one work at a time, and tells the others that they wait', async () => {
    let inside = 0;
    let waited = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    const contender = () => withLock(join(folder, 'lock'), () => (waited += 1), work);
    await Promise.all([contender(), contender(), contender()]);
    expect(waited).toBe(2);
  });

  it('is free again when the work fails', async () => {
    const failing = withLock(
      join(folder, 'lock'),
      () => undefined,
      () => Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    const onWait = (): never => {
      throw new Error('nobody should hold the lock');
    };
    expect(await withLock(join(folder, 'lock'), onWait, () => Promise.resolve('done'))).toBe('done');
  });

  it('is free again when its holder is killed', async () => {
    const lockModule = new URL('../../../../../infra/local/database/installation/lock.ts', import.meta.url)
      .href;
    const script = `const { withLock } = await import(${JSON.stringify(lockModule)});
      await withLock(process.argv[1], () => undefined, async () => {
        console.log('held');
        await new Promise(() => setInterval(() => undefined, 1000));
      });`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'lock')]);
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    expect(
      await withLock(
        join(folder, 'lock'),
        () => undefined,
        () => Promise.resolve('done'),
      ),
    ).toBe('done');
  });
});
