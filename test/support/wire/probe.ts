import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Breach, HARMLESS, Judge } from './judge.ts';
import { type Command, readAnswer, readCommand } from './message.ts';
import { startTap } from './tap.ts';

/** Commands whose answers show where links led, or open a cursor. */
const ANSWERED: ReadonlySet<string> = new Set(['find', 'aggregate', 'getMore']);

const judge = new Judge();
const realHosts = new Map<string, string>();
/** What ends each tap of this file. */
const endings: (() => void)[] = [];
let judged = 0;
let breaches: Breach[] = [];
let isOver = false;
let recorded: Command[] | null = null;

/**
 * Puts the probe in front of a database: every command sent to the returned URI is judged. Commands pass in any case; a
 * breach fails the test that sent the command.
 */
export const throughProbe = async (databaseUri: string): Promise<string> => {
  const uri = new URL(databaseUri);
  if (uri.protocol === 'mongodb+srv:' || /\b(tls|ssl)=true/.test(uri.search))
    throw new Error('The wire probe reads no encrypted connection: test on a database without TLS.');
  const realHost = uri.host;
  const [host = '127.0.0.1', port = '27017'] = realHost.split(':');
  const waiting = new Map<string, Command>();
  const { address, endWhenIdle } = await startTap(
    { host, port: Number(port) },
    {
      asked: (message, connection) => {
        const command = readCommand(message);
        if (!HARMLESS.has(command.name)) judged += 1;
        if (!HARMLESS.has(command.name)) recorded?.push(command);
        const breach = judge.judge(command);
        if (breach !== null) accuse(breach);
        else if (ANSWERED.has(command.name))
          waiting.set(`${String(connection)} ${String(message.requestId)}`, command);
      },
      answered: (message, connection) => {
        const key = `${String(connection)} ${String(message.responseTo)}`;
        const command = waiting.get(key);
        if (command === undefined) return;
        waiting.delete(key);
        judge.hear(command, readAnswer(message));
      },
    },
  );
  endings.push(endWhenIdle);
  realHosts.set(address, realHost);
  uri.host = address;
  // The driver must not learn the real address, or it would bypass the probe.
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  return uri.href;
};

/** The database behind the probe, without the probe; null for a URI that does not go through a probe. */
export const pastProbe = (probedUri: string): string | null => {
  const uri = new URL(probedUri);
  const realHost = realHosts.get(uri.host);
  if (realHost === undefined) return null;
  uri.host = realHost;
  return uri.href;
};

/** Tells the judge the business and the subject of a request in advance, as the test knows them. */
export const expectCaller = (requestId: string, businessId: string, subject?: string): void => {
  judge.expect(requestId, businessId, subject);
};

/** The breaches since the last call. The caller becomes responsible for them. */
export const takeBreaches = (): readonly Breach[] => {
  const taken = breaches;
  breaches = [];
  return taken;
};

/** The commands that some steps send to the database, without handshakes and the ends of transactions. */
export const commandsOf = async (steps: () => Promise<unknown>): Promise<readonly Command[]> => {
  const commands: Command[] = [];
  recorded = commands;
  try {
    await steps();
  } finally {
    recorded = null;
  }
  return commands;
};

/** The judge's verdict on a command, with what it has learned so far; nothing is sent. */
export const verdictOn = (command: Command): Breach | null => judge.judge(command);

const accuse = (breach: Breach): void => {
  if (isOver) noteFigures([breach]);
  else breaches.push(breach);
};

const noteFigures = (unscoped: readonly Breach[]): void => {
  const figures: Figures = { judged, unscoped };
  judged = 0;
  appendFileSync(figuresOfRun(), `${JSON.stringify(figures)}\n`);
};

/** The figures that one test file, or a part of it, adds to those of the run. */
export type Figures = Readonly<{ judged: number; unscoped: readonly Breach[] }>;

/** One line of figures for each test file, in the folder that the files of a run share. */
export const figuresOfRun = (): string => join(process.env['TEST_RUN_FOLDER'] ?? '', 'wire-probe.jsonl');

/** @throws Error with the shapes of unscoped commands, if there were any */
export const refuse = (unscoped: readonly Breach[]): void => {
  if (unscoped.length === 0) return;
  throw new Error(
    `Commands left for the database that were not scoped:\n${[...new Set(unscoped)].join('\n')}`,
  );
};

/** Fails the test that just ended, and with it the run, for what it made the service send. */
export const failOnBreaches = (): void => {
  const unscoped = takeBreaches();
  if (unscoped.length > 0) noteFigures(unscoped);
  refuse(unscoped);
};

/**
 * Ends the file. A later breach can no longer fail a test, but fails the run. The taps end with their last connection: a
 * server that still listened would keep the file's modules in the memory of the worker.
 */
export const closeProbe = (): void => {
  for (const end of endings) end();
  failOnBreaches();
  noteFigures([]);
  isOver = true;
};
