import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const takenExitCode = 75;

/**
 * Holds a kernel lock on a file with flock(1), whose child runs until its input closes. When this process ends, even by
 * SIGKILL, the pipe closes and the lock is released, so no lock is left behind.
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

/** Runs `work` while no other process holds the lock on this file. Calls `onWait` before it waits for one that does. */
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
