import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assembleLocally } from './assemble.ts';
import { type RunningDatabase, startDatabase } from './database/start-database.ts';
import { openDoor } from './door.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { readOrMakeKeyring } from './keyring-file.ts';
import { takeData } from './served-on.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ASSEMBLY = join(ROOT, 'cdk.out');
const KEPT = join(ROOT, '.local');
const KEPT_DATABASE = join(KEPT, 'database');
const KEPT_OBJECTS = join(KEPT, 'objects');
const KEPT_KEYRING = join(KEPT, 'keyring.json');

export type StartUp = Readonly<{
  port: number;
  /** How long a restore of an archived object takes. */
  restoreDelayMs: number;
  /** Delete the data of earlier runs first. */
  fresh: boolean;
  /** Takes progress, line by line. */
  say: (line: string) => void;
  /** Takes the function that undoes a step, as soon as there is something to undo. */
  onStop: (stop: () => Promise<void>) => void;
}>;

const USES_OWN_DATABASE =
  'MONGODB_URI is set, so customers are stored in that database. Keep .local/keyring.json: nothing else can decrypt them.';
const FRESH_NEEDS_LOCAL_DATABASE =
  '--fresh deletes the keyring, and without it the data at MONGODB_URI cannot be decrypted. Leave out --fresh or MONGODB_URI.';

const hasOwnDatabase = (): boolean => (process.env.MONGODB_URI ?? '') !== '';

const refuseToDeleteKeyring = ({ fresh, say }: StartUp): void => {
  if (!hasOwnDatabase()) return;
  if (fresh) throw new Error(FRESH_NEEDS_LOCAL_DATABASE);
  say(USES_OWN_DATABASE);
};

const deleteData = async (): Promise<void> => {
  const kept = [KEPT_DATABASE, KEPT_OBJECTS, KEPT_KEYRING];
  await Promise.all(kept.map((path) => rm(path, { recursive: true, force: true })));
};

const openDatabase = async ({ say, onStop }: StartUp): Promise<RunningDatabase> => {
  const database = await startDatabase({ log: say, dataPath: KEPT_DATABASE });
  onStop(() => database.stop());
  return database;
};

const assemble = ({ say, onStop }: StartUp, issuer: string): Promise<void> => {
  const stopping = new AbortController();
  onStop(() => {
    stopping.abort();
    return Promise.resolve();
  });
  return assembleLocally({ outdir: ASSEMBLY, issuer, log: say, signal: stopping.signal });
};

/** Makes what the gateway needs: a database, a keyring, the bundles. */
const prepare = async (options: StartUp, issuer: string, step: (doing: string) => void) => {
  let external: RunningDatabase | undefined;
  if (hasOwnDatabase()) {
    // A wrong MONGODB_URI is reported before time is spent on bundling.
    step('connecting to the database of MONGODB_URI');
    external = await openDatabase(options);
  }
  step(`bundling the functions, synthesizing the stack${external ? '' : ', starting the database'}`);
  const [database] = await Promise.all([
    external ?? openDatabase(options),
    readOrMakeKeyring(KEPT_KEYRING),
    assemble(options, issuer),
  ]);
  return database;
};

/**
 * Starts the whole service on this machine, from the sources to a gateway that answers calls.
 * @throws Error whose message is for a person, when a step fails
 */
export const startUp = async (options: StartUp): Promise<Gateway> => {
  const { port, fresh, restoreDelayMs, say, onStop } = options;
  refuseToDeleteKeyring(options);
  const door = await openDoor(port);
  onStop(door.close);
  if (!hasOwnDatabase()) await takeData(KEPT, door.url);
  const step = (doing: string): void => {
    door.report(doing);
    say(doing);
  };
  if (fresh) {
    step('deleting the data of earlier runs');
    await deleteData();
  }
  const database = await prepare(options, `${door.url}/_local`, step);
  step('starting the gateway');
  const gateway = await startGateway({
    assembly: ASSEMBLY,
    at: door,
    secrets: { DatabaseUri: database.uri, Keyring: () => readFile(KEPT_KEYRING, 'utf8') },
    objects: KEPT_OBJECTS,
    restoreDelayMs,
    health: { engine: database.engine, mongodbUri: database.uri },
    log: (name, line) => {
      say(`${name}  ${line}`);
    },
    beforeServing: (invoke) => {
      step('migrating the database');
      return invoke('migrate-database');
    },
  });
  onStop(gateway.stop);
  return gateway;
};
