import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '#infra/local/database/installation/machine.ts';
import { isRunning, until } from '../local/fixtures/processes.ts';

const LAUNCHER = resolve(import.meta.dirname, '../../../infra/dev/run-on-node-24.mjs');
const folder = mkdtempSync(join(tmpdir(), 'signals-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Says its id, counts the signals it gets, and ends 300 ms after the first with their number as its exit status. */
const COUNTING = join(folder, 'counting.mjs');
writeFileSync(
  COUNTING,
  `let count = 0;
   for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
     process.on(signal, () => {
       if ((count += 1) === 1) setTimeout(() => process.exit(count), 300);
     });
   setInterval(() => undefined, 1_000);
   console.log('id ' + process.pid);`,
);

/** Says its id and does nothing. */
const WAITING = join(folder, 'waiting.mjs');
writeFileSync(WAITING, `setInterval(() => undefined, 1_000); console.log('id ' + process.pid);`);

type Launched = { launcher: ChildProcessWithoutNullStreams; program: number };

const launch = async (command: string, ...words: string[]): Promise<Launched> => {
  const launcher = spawn(command, words);
  for await (const line of createInterface(launcher.stdout)) {
    const [, id] = /id (\d+)/.exec(line) ?? [];
    if (id !== undefined) return { launcher, program: Number(id) };
  }
  throw new Error('the program did not start');
};

// Windows has no signals.
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe;

describeOnUnix('a program that run-on-node-24.mjs runs', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('gets %s once, and ends as it likes', async (signal) => {
    const { launcher } = await launch(process.execPath, LAUNCHER, COUNTING);
    launcher.kill(signal);
    expect(await once(launcher, 'exit')).toEqual([1, null]);
  });

  it('is ended by a signal that it does not handle, and so is the launcher', async () => {
    const { launcher, program } = await launch(process.execPath, LAUNCHER, WAITING);
    launcher.kill('SIGTERM');
    expect(await once(launcher, 'exit')).toEqual([null, 'SIGTERM']);
    expect(isRunning(program)).toBe(false);
  });

  it.each([WAITING, COUNTING])('ends when the launcher is killed', async (file) => {
    const { launcher, program } = await launch(process.execPath, LAUNCHER, file);
    launcher.kill('SIGKILL');
    await until(() => !isRunning(program));
    expect(isRunning(program)).toBe(false);
  });
});

describeOnUnix('a program whose launcher has lost its parent', () => {
  it('ends, because the shell of npm passes no signal on', async () => {
    const command = `'${process.execPath}' '${LAUNCHER}' '${COUNTING}'; :`;
    const { launcher: shell, program } = await launch('sh', '-c', command);
    shell.kill('SIGTERM');
    await until(() => !isRunning(program));
    expect(isRunning(program)).toBe(false);
  });
});

// script(1) of util-linux gives a program a terminal; elsewhere its options are others.
const hasTerminals = process.platform === 'linux' && (await findProgram('script')) !== undefined;

(hasTerminals ? describe : describe.skip)('in a terminal, a program that run-on-node-24.mjs runs', () => {
  it('gets one SIGINT for one Ctrl-C', async () => {
    // exec: dash, the shell where SHELL is not set, would end by the signal itself and hide the program's exit status.
    const command = `exec '${process.execPath}' '${LAUNCHER}' '${COUNTING}'`;
    const { launcher } = await launch('script', '--quiet', '--return', '--command', command, '/dev/null');
    launcher.stdin.write('\u0003');
    expect(await once(launcher, 'exit')).toEqual([1, null]);
  });

  it('has the terminal as its input and output', async () => {
    const command = `'${process.execPath}' '${LAUNCHER}' -e 'console.log(String(process.stdin.isTTY && process.stdout.isTTY))'`;
    const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null']);
    const lines: string[] = [];
    createInterface(terminal.stdout).on('line', (line) => lines.push(line));
    await once(terminal, 'close');
    expect(lines).toEqual(['true']);
  });
});
