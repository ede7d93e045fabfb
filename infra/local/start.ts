import { parseArgs } from 'node:util';
import { welcome } from './demo.ts';
import { startUp } from './start-up.ts';

/**
 * `npm start`: the whole service on this machine. `--fresh` deletes the data of earlier runs; PORT sets the port, and
 * RESTORE_SECONDS how long the restore of an archived object takes.
 */

const DEFAULT_PORT = '3000';
const HIGHEST_PORT = 65_535;
/** On AWS it takes hours. */
const DEFAULT_RESTORE_SECONDS = '5';
/** One Ctrl-C can arrive twice within this time, from the terminal and from a parent process that passes it on. */
const REPEAT_MS = 500;

const startedAt = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
};

const stops: (() => Promise<void>)[] = [];
let leavingSince: number | undefined;

/** Undoes every step, the last one first, and ends the process. Called again later, it ends the process at once. */
const leave = async (code: number): Promise<void> => {
  if (leavingSince !== undefined) {
    if (performance.now() - leavingSince > REPEAT_MS) process.exit(code);
    return;
  }
  leavingSince = performance.now();
  for (const stop of stops.reverse()) await stop().catch(complain);
  process.exit(code);
};

const complain = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
};

const readPort = (text: string): number => {
  const port = Number(text === '' ? DEFAULT_PORT : text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
  throw new Error(`PORT must be a whole number from 0 to ${String(HIGHEST_PORT)}, not '${text}'.`);
};

const readRestoreSeconds = (text: string): number => {
  const seconds = text === '' ? DEFAULT_RESTORE_SECONDS : text;
  if (/^\d{1,6}$/.test(seconds)) return Number(seconds);
  throw new Error(`RESTORE_SECONDS must be a whole number from 0 to 999999, not '${text}'.`);
};

const USAGE = `Usage: npm start [-- --fresh]

Serves everything on this machine, with data in .local. --fresh deletes the data of earlier runs.

Environment:
  PORT             the port to listen on (default: ${DEFAULT_PORT})
  RESTORE_SECONDS  how long the restore of an archived object takes (default: ${DEFAULT_RESTORE_SECONDS})
  MONGODB_URI      a database of your own, in place of the one that npm start brings
`;

const readOptions = (): { fresh: boolean; help: boolean } => {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { fresh: flag, help: flag } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
};

const run = async (): Promise<void> => {
  const { fresh, help } = readOptions();
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const port = readPort(process.env.PORT ?? '');
  const restoreDelayMs = readRestoreSeconds(process.env.RESTORE_SECONDS ?? '') * 1_000;
  const gateway = await startUp({
    port,
    restoreDelayMs,
    fresh,
    say,
    onStop: (stop) => stops.push(stop),
  });
  say('ready');
  process.stdout.write(welcome(gateway));
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    say('stopping');
    void leave(0);
  });
}
// The terminal is closed, or the program that read the output has ended.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', () => {
    if (leavingSince === undefined) void leave(1);
  });
}

await run().catch((error: unknown) => {
  // Stopping makes unfinished steps fail.
  if (leavingSince !== undefined) return;
  complain(error);
  return leave(1);
});
