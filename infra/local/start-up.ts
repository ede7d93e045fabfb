import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assembleLocally } from './assemble.ts';
import { startDatabase } from './database/start-database.ts';
import { openDoor } from './door.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { readOrMakeKeyring } from './keyring-file.ts';
import { takeData } from './served-on.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ASSEMBLY = join(ROOT, 'cdk.out');
const KEPT = join(ROOT, '.local');
const KEPT_DATABASE = join(KEPT, 'database');
const KEPT_KEYRING = join(KEPT, 'keyring.json');

export type StartUp = Readonly<{
  port: number;
  /** Forget the data of earlier runs first. */
  fresh: boolean;
  /** Says what is being done. */
  say: (line: string) => void;
  /** Takes what undoes a step, as soon as there is something to undo. */
  onStop: (stop: () => Promise<void>) => void;
}>;

const USES_OWN_DATABASE =
  'MONGODB_URI is set: customers go to that database, and only .local/keyring.json can read them again; keep that file.';
const FRESH_NEEDS_LOCAL_DATABASE =
  '--fresh forgets the keyring, without which the database of MONGODB_URI cannot be read: drop one of the two.';

const hasOwnDatabase = (): boolean => (process.env.MONGODB_URI ?? '') !== '';

const refuseToForget = ({ fresh, say }: StartUp): void => {
  if (!hasOwnDatabase()) return;
  if (fresh) throw new Error(FRESH_NEEDS_LOCAL_DATABASE);
  say(USES_OWN_DATABASE);
};

const forget = async (): Promise<void> => {
  await Promise.all([KEPT_DATABASE, KEPT_KEYRING].map((path) => rm(path, { recursive: true, force: true })));
};

/** What a gateway needs, made all at once: the bundles, a database, a keyring. */
const prepare = async ({ say, onStop }: StartUp, issuer: string) => {
  const [database, keyring] = await Promise.all([
    startDatabase({ log: say, dataPath: KEPT_DATABASE }).then((started) => {
      onStop(() => started.stop());
      return started;
    }),
    readOrMakeKeyring(KEPT_KEYRING),
    assembleLocally({ outdir: ASSEMBLY, issuer, log: say }),
  ]);
  return { database, keyring };
};

/**
 * Brings the whole service up on this machine, from sources to served calls.
 * @throws Error with one sentence, when a step fails
 */
export const startUp = async (options: StartUp): Promise<Gateway> => {
  const { port, fresh, say, onStop } = options;
  refuseToForget(options);
  const door = await openDoor(port);
  onStop(door.close);
  if (!hasOwnDatabase()) await takeData(KEPT, door.url);
  const step = (doing: string): void => {
    door.report(doing);
    say(doing);
  };
  if (fresh) {
    step('forgetting the data of earlier runs');
    await forget();
  }
  step('bundling the functions, synthesizing the stack, starting the database');
  const { database, keyring } = await prepare(options, `${door.url}/_local`);
  step('starting the gateway');
  const gateway = await startGateway({
    assembly: ASSEMBLY,
    at: door,
    secrets: { DatabaseUri: database.uri, Keyring: keyring },
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
