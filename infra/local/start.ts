import { parseArgs } from 'node:util';
import { welcome } from './demo.ts';
import { startUp } from './start-up.ts';

/** `npm start`: the whole service on this machine. `--fresh` forgets the data of earlier runs, PORT says where. */

const DEFAULT_PORT = '3000';
const HIGHEST_PORT = 65_535;

const startedAt = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
};

const stops: (() => Promise<void>)[] = [];
let isLeaving = false;

/** Undoes every step, the last one first, and ends the process. Asked again, it ends at once. */
const leave = async (code: number): Promise<void> => {
  if (isLeaving) process.exit(code);
  isLeaving = true;
  for (const stop of stops.reverse()) await stop().catch(complain);
  process.exit(code);
};

const complain = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
};

const readPort = (text: string): number => {
  const port = Number(text === '' ? DEFAULT_PORT : text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
  throw new Error(`PORT must be a number from 0 to ${String(HIGHEST_PORT)}; it is '${text}'.`);
};

const run = async (): Promise<void> => {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const port = readPort(process.env.PORT ?? '');
  const gateway = await startUp({ port, fresh: values.fresh, say, onStop: (stop) => stops.push(stop) });
  say('ready');
  process.stdout.write(welcome(gateway));
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    say('stopping');
    void leave(0);
  });
}
await run().catch((error: unknown) => {
  // What fails because everything is being stopped is no news.
  if (isLeaving) return;
  complain(error);
  return leave(1);
});
