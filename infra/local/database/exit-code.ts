import type { ChildProcess } from 'node:child_process';

/** The exit code of a process, after it has ended and its output has been read; null when a signal ended it. */
export const exitCodeOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
