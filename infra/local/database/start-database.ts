import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineMongodbUri } from '#infra/mongodb/examine-uri.ts';
import { usableDataPath } from './data-path.ts';
import { installDocumentDb } from './installation/install-documentdb.ts';
import { examineMachine } from './installation/machine.ts';
import type { Machine } from './installation/machine.ts';
import type { Log } from './installation/progress.ts';
import { findMongod } from './real-mongod.ts';
import type { MongodChoice } from './real-mongod.ts';
import { startReplicaSet } from './replica-set.ts';
import type { ReplicaSetOptions } from './replica-set.ts';
import { writeStandIn } from './stand-in-mongod.ts';
import { standInVersion } from './stand-in/version.ts';

/** A database that answers at `uri`. `description` is one line: which engine it is, and why. */
export type RunningDatabase = {
  readonly engine: 'external' | 'mongod' | 'documentdb';
  readonly description: string;
  readonly uri: string;
  stop(): Promise<void>;
};

export type DatabaseOptions = {
  /** Takes progress and the description, line by line. Default: standard error. */
  readonly log?: Log;
  /** The database named in the URI. */
  readonly databaseName?: string;
  /** An absolute folder that keeps the data between runs. Without it `stop` deletes the data. */
  readonly dataPath?: string;
  /** GB of memory for data. The engine's default is too little for millions of documents. */
  readonly cacheGb?: number;
};

type Start = {
  readonly log: Log;
  readonly databaseName: string;
  readonly dataPath: string | undefined;
  readonly cacheGb: number | undefined;
};

/** An option of mongod, which the stand-in understands too. */
const cacheArgs = ({ cacheGb }: Start): string[] =>
  cacheGb === undefined ? [] : ['--wiredTigerCacheSizeGB', String(cacheGb)];

const toStandardError: Log = (line) => void process.stderr.write(`${line}\n`);

const nothing = (): Promise<void> => Promise.resolve();

/** @throws Error saying what is wrong with the database and what to do */
const useExternal = async (uri: string): Promise<RunningDatabase> => {
  const problem = await examineMongodbUri(uri);
  if (problem !== undefined) throw new Error(problem);
  return { engine: 'external', description: 'Database: the one at MONGODB_URI', uri, stop: nothing };
};

type RunFolder = { readonly folder: string; remove(): Promise<void> };

/** The folder for the data of one run. `remove` does nothing when the data are kept. */
const runFolder = async (dataPath: string | undefined, kind: string): Promise<RunFolder> => {
  if (dataPath !== undefined) {
    const folder = await usableDataPath(join(dataPath, kind));
    return { folder, remove: nothing };
  }
  const folder = await mkdtemp(join(tmpdir(), 'customer-database-'));
  // When root starts it, PostgreSQL runs as another account, which must be able to enter this folder.
  await chmod(folder, 0o711);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

const startIn = async (run: RunFolder, options: ReplicaSetOptions) => {
  try {
    const replicaSet = await startReplicaSet(options);
    return { uri: replicaSet.uri, stop: () => replicaSet.stop().then(() => run.remove()) };
  } catch (error) {
    await run.remove();
    throw error;
  }
};

const startMongod = async (choice: MongodChoice, start: Start): Promise<RunningDatabase> => {
  const run = await runFolder(start.dataPath, 'mongod');
  const { databaseName } = start;
  return {
    engine: 'mongod',
    description: `Database: a real mongod, ${choice.why}`,
    ...(await startIn(run, {
      binary: choice.binary,
      dataFolder: run.folder,
      databaseName,
      args: cacheArgs(start),
    })),
  };
};

const startDocumentDb = async (machine: Machine, start: Start): Promise<RunningDatabase> => {
  const { binFolder, template } = await installDocumentDb(machine, start.log);
  const run = await runFolder(start.dataPath, 'documentdb');
  const { folder } = run;
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { recursive: true });
  const isTemporary = start.dataPath === undefined;
  const options: ReplicaSetOptions = {
    binary: { systemBinary: await writeStandIn(folder), version: standInVersion },
    dataFolder,
    databaseName: start.databaseName,
    args: [
      ...['--binFolder', binFolder, '--template', template],
      ...cacheArgs(start),
      // For the case that this process is killed before it removes the folder.
      ...(isTemporary ? ['--removeAtEnd', folder] : []),
    ],
  };
  return {
    engine: 'documentdb',
    description:
      'Database: DocumentDB 1.0 from Debian, because no mongod is installed and none can be downloaded',
    ...(await startIn(run, options)),
  };
};

const tryMongod = async (start: Start): Promise<RunningDatabase | undefined> => {
  const choice = await findMongod(start.log);
  if (!choice) return undefined;
  return startMongod(choice, start).catch((error: unknown) => {
    start.log(`The mongod ${choice.why} does not start: ${String(error)}`);
    return undefined;
  });
};

const choose = async (start: Start): Promise<RunningDatabase> => {
  const mongod = await tryMongod(start);
  if (mongod) return mongod;
  const machine = await examineMachine();
  if (!('refusal' in machine)) return startDocumentDb(machine, start);
  throw new Error(
    `No database: ${machine.refusal}, and MongoDB cannot be downloaded from here. Install MongoDB 8 and put mongod ` +
      'on the PATH, or set MONGODB_URI to a replica set.',
  );
};

/**
 * Starts the database of `npm start` and `npm test`: the one at MONGODB_URI if that is set; else a real mongod that is
 * installed or can be downloaded; else DocumentDB behind a stand-in mongod. The database ends with `stop`, and when
 * this process ends for any other reason.
 * @throws Error whose message says what to do, when none of them can be used
 */
export const startDatabase = async (options: DatabaseOptions = {}): Promise<RunningDatabase> => {
  const { log = toStandardError, databaseName = 'customer-management', dataPath, cacheGb } = options;
  const { MONGODB_URI: uri } = process.env;
  const database = uri ? await useExternal(uri) : await choose({ log, databaseName, dataPath, cacheGb });
  log(database.description);
  return database;
};
