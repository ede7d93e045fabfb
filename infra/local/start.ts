import { createPrinter, type Printer } from './console/printer.ts';
import { welcome } from './demo.ts';
import { HELP, readOptions } from './options.ts';
import { startUp } from './start-up.ts';

/**
 * `npm start`: the whole service on this machine. `--fresh` deletes the data of earlier runs; PORT sets the port, and
 * RESTORE_SECONDS how long the restore of an archived object takes.
 */

/** One Ctrl-C can arrive twice within this time, from the terminal and from a parent process that passes it on. */
const REPEAT_MS = 500;

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

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const printer = createPrinter(options.shown);
  whenAsked(printer);
  const started = await startUp({ ...options, printer, onStop: (stop) => stops.push(stop) });
  printer.say('ready');
  printer.tell(welcome(started));
};

/** Stops when a person or another program asks for it. */
const whenAsked = ({ say }: Printer): void => {
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
};

await run().catch((error: unknown) => {
  // Stopping makes unfinished steps fail.
  if (leavingSince !== undefined) return;
  complain(error);
  return leave(1);
});
