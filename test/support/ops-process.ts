import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const LOOK_EVERY_MS = 50;

/** How a command ended. A killed one has no status. */
export type Ended = Readonly<{
  status: number | null;
  /** What it wrote to standard output and standard error. */
  text: string;
  seconds: number;
  /** The most memory that it used, in megabytes; 0 where there is no `/proc`. */
  peakMb: number;
}>;

/** Runs `npm run ops` in a process of its own, on the database and keyring of this process's environment. */
export const startOps = (args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['infra/ops/ops.ts', ...args], {
    cwd: ROOT,
    // As `npm run ops` sets them.
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = Math.max(peakMb, peakMbOf(child.pid))), LOOK_EVERY_MS);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (status) => {
      clearInterval(watch);
      resolve({ status, text, seconds: (performance.now() - startedAt) / 1_000, peakMb });
    });
  });
  return { child, ended };
};

/** Of this process alone: the figure that a process reports at its end would include its parent's memory. */
const peakMbOf = (pid: number | undefined): number => {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    // The process has just ended, or this is not Linux.
    return 0;
  }
};
