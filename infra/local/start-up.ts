import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assembleLocally, SOURCES } from './assemble.ts';
import { type RunningDatabase, startDatabase } from './database/start-database.ts';
import { startBuilder } from './dev/builder-process.ts';
import { LiveCode } from './dev/live-code.ts';
import { openDoor } from './door.ts';
import type { Printer } from './console/printer.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { fingerprint } from './fingerprint.ts';
import { type AssemblyToKeep, findKept, makeKept } from './kept-assembly.ts';
import { readOrMakeKeyring } from './keyring-file.ts';
import { readOrMake } from './kept-file.ts';
import { newSigningKey } from './local-issuer.ts';
import { seedDemo } from './seed-demo.ts';
import { takeData } from './served-on.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const KEPT = join(ROOT, '.local');
const KEPT_DATABASE = join(KEPT, 'database');
const KEPT_ASSEMBLIES = join(KEPT, 'assemblies');
const KEPT_OBJECTS = join(KEPT, 'objects');
const KEPT_KEYRING = join(KEPT, 'keyring.json');
/** `--fresh` leaves it: the tokens in the terminals stay valid. */
const KEPT_SIGNING_KEY = join(KEPT, 'signing-key.pem');

export type StartUp = Readonly<{
  port: number;
  /** How long a restore of an archived object takes. */
  restoreDelayMs: number;
  /** Delete the data of earlier runs first. */
  fresh: boolean;
  /** Fill the demo business with invented customers. */
  demo: boolean;
  /** Serve what is saved. */
  watch: boolean;
  /** The function that a debugger may halt. */
  inspect?: string;
  printer: Printer;
  /** Takes the function that undoes a step, as soon as there is something to undo. */
  onStop: (stop: () => Promise<void>) => void;
}>;

const USES_OWN_DATABASE =
  'MONGODB_URI is set, so customers are stored in that database. Keep .local/keyring.json: nothing else can decrypt them.';
const FRESH_NEEDS_LOCAL_DATABASE =
  '--fresh deletes the keyring, and without it the data at MONGODB_URI cannot be decrypted. Leave out --fresh or MONGODB_URI.';

const UNCHANGED = 'the bundles and the stack are unchanged';

/** The running service. */
export type Started = Readonly<{
  url: string;
  /** Calls that use the invented customers, when there are any. */
  demoCalls?: string | undefined;
}>;

const hasOwnDatabase = (): boolean => (process.env.MONGODB_URI ?? '') !== '';

const refuseToDeleteKeyring = ({ fresh, printer }: StartUp): void => {
  if (!hasOwnDatabase()) return;
  if (fresh) throw new Error(FRESH_NEEDS_LOCAL_DATABASE);
  printer.say(USES_OWN_DATABASE);
};

const deleteData = async (): Promise<void> => {
  const kept = [KEPT_DATABASE, KEPT_OBJECTS, KEPT_KEYRING];
  await Promise.all(kept.map((path) => rm(path, { recursive: true, force: true })));
};

const openDatabase = async ({ printer, onStop }: StartUp): Promise<RunningDatabase> => {
  const database = await startDatabase({ log: printer.say, dataPath: KEPT_DATABASE });
  onStop(() => database.stop());
  return database;
};

/** A signal for work that ends when the service is stopped. */
const abortedBy = (onStop: StartUp['onStop']): AbortSignal => {
  const stopping = new AbortController();
  onStop(() => {
    stopping.abort();
    return Promise.resolve();
  });
  return stopping.signal;
};

/** The issuer holds the port, so an assembly of any free port would never be used again. */
const folderFor = async ({ port, onStop }: StartUp): Promise<string> => {
  if (port !== 0) return KEPT_ASSEMBLIES;
  const folder = await mkdtemp(join(tmpdir(), 'assembly-'));
  onStop(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** The cloud assembly for an issuer: kept from an earlier run of the same sources, or made now. */
const assemblyFor = async (options: StartUp, issuer: string): Promise<AssemblyToKeep> => {
  const { printer, onStop } = options;
  const folder = await folderFor(options);
  const signal = abortedBy(onStop);
  return {
    folder,
    key: () => fingerprint(ROOT, SOURCES, [issuer, process.version]),
    make: (outdir) => assembleLocally({ outdir, issuer, log: printer.say, signal }),
  };
};

/** The folder of the assembly, found or made. */
const assemble = async (options: StartUp, issuer: string, step: (doing: string) => void): Promise<string> => {
  const making: Promise<string>[] = [];
  // After the abort, which is registered later: what was made so far is deleted before the process ends.
  options.onStop(async () => {
    await Promise.allSettled(making);
  });
  const wanted = await assemblyFor(options, issuer);
  const kept = await findKept(wanted);
  step(kept === undefined ? 'bundling the functions, synthesizing the stack' : UNCHANGED);
  if (kept !== undefined) return kept;
  const made = makeKept(wanted);
  making.push(made);
  return made;
};

/** Makes what the gateway needs: a database, a keyring, the bundles. */
const prepare = async (options: StartUp, issuer: string, step: (doing: string) => void) => {
  let external: RunningDatabase | undefined;
  step(hasOwnDatabase() ? 'connecting to the database of MONGODB_URI' : 'starting the database');
  // A wrong MONGODB_URI is reported before time is spent on bundling.
  if (hasOwnDatabase()) external = await openDatabase(options);
  const [database, , signingKey, assembly] = await Promise.all([
    external ?? openDatabase(options),
    readOrMakeKeyring(KEPT_KEYRING),
    readOrMake(KEPT_SIGNING_KEY, newSigningKey),
    assemble(options, issuer, step),
  ]);
  return { database, signingKey, assembly };
};

const followSources = async (live: LiveCode, gateway: Gateway, onStop: StartUp['onStop']): Promise<void> => {
  const outdir = await mkdtemp(join(tmpdir(), 'live-code-'));
  const builder = startBuilder(outdir, (news) => void live.take(news));
  onStop(async () => {
    await builder.stop();
    await rm(outdir, { recursive: true, force: true });
  });
  live.begin(gateway, builder);
};

/**
 * Starts the whole service on this machine, from the sources to a gateway that answers calls.
 * @throws Error whose message is for a person, when a step fails
 */
export const startUp = async (options: StartUp): Promise<Started> => {
  const { port, fresh, restoreDelayMs, printer, onStop } = options;
  refuseToDeleteKeyring(options);
  const door = await openDoor(port);
  onStop(door.close);
  if (!hasOwnDatabase()) await takeData(KEPT, door.url);
  const step = (doing: string): void => {
    door.report(doing);
    printer.say(doing);
  };
  if (fresh) {
    step('deleting the data of earlier runs');
    await deleteData();
  }
  const { database, signingKey, assembly } = await prepare(options, `${door.url}/_local`, step);
  step('starting the gateway');
  const live = options.watch ? new LiveCode(options) : undefined;
  const gateway = await startGateway({
    ...(live !== undefined && { develop: live.develop }),
    assembly,
    at: door,
    secrets: { DatabaseUri: database.uri, Keyring: () => readFile(KEPT_KEYRING, 'utf8') },
    signingKey,
    objects: KEPT_OBJECTS,
    restoreDelayMs,
    health: { engine: database.engine, mongodbUri: database.uri },
    log: printer.log,
    answered: printer.answered,
    beforeServing: (invoke) => {
      step('migrating the database');
      return invoke('migrate-database');
    },
  });
  onStop(gateway.stop);
  if (live !== undefined) await followSources(live, gateway, onStop);
  if (!options.demo) return { url: gateway.url };
  step('filling the demo business');
  const demoCalls = await seedDemo({
    ...{ mongodbUri: database.uri, keyringFile: KEPT_KEYRING },
    signal: abortedBy(onStop),
  });
  return { url: gateway.url, demoCalls };
};
