import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const takenExitCode = 75;

/**
 * Holds a kernel lock on a file by way of flock(1), whose child lives as long as its input: when this process
 * dies, however it does, the pipe closes and the lock is free. No lock is ever stale.
 */
const startHolder = (file: string, waiting: boolean): ChildProcess =>
  spawn(
    'flock',
    [
      ...(waiting ? [] : ['--nonblock', '--conflict-exit-code', String(takenExitCode)]),
      ...['--exclusive', file, 'sh', '-c', 'echo held && exec cat'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );

const isHeld = (holder: ChildProcess): Promise<boolean> =>
  new Promise((resolve, reject) => {
    holder.once('error', reject);
    holder.stdout?.once('data', () => resolve(true));
    holder.once('exit', (code) => {
      if (code === takenExitCode) resolve(false);
      else reject(new Error(`flock ended with code ${code}`));
    });
  });

/** Does `work` while no other process does the same under this file; `onWait` is told when one does. */
export const withLock = async <Result>(
  file: string,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result> => {
  let holder = startHolder(file, false);
  if (!(await isHeld(holder))) {
    onWait();
    holder = startHolder(file, true);
    await isHeld(holder);
  }
  try {
    return await work();
  } finally {
    const ended = once(holder, 'exit');
    holder.stdin?.end();
    await ended;
  }
};
