import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { examineMongodbUri } from '#infra/mongodb/examine-uri.ts';
import { Unavailable } from '#lib/domain/errors.ts';
import { UsageError } from './command.ts';

const LOCAL = join(resolve(import.meta.dirname, '../..'), '.local');
/** Where the running `npm start` writes its address. */
const SERVED_ON = 'served-on';
const USUAL_URL = 'http://127.0.0.1:3000';
const PATIENCE_MS = 2_000;

/** Whether `--local` was given, and the folder in which `npm start` keeps its data. */
type Choice = Readonly<{ isLocal: boolean; folder?: string }>;

/**
 * Checks that `MONGODB_URI` and `KEYRING_FILE` say which database and keyring to use; with `--local`, sets them to those
 * of the running `npm start`, and the variables that lead to its buckets.
 * @throws UsageError when one is missing, or when no `npm start` answers; Unavailable when the database cannot be used
 */
export const chooseDatabase = async ({ isLocal, folder = LOCAL }: Choice): Promise<void> => {
  if (isLocal) {
    const url = await localUrl(folder);
    process.env['MONGODB_URI'] = await localDatabase(url);
    process.env['KEYRING_FILE'] = join(folder, 'keyring.json');
    Object.assign(process.env, await localBuckets(url));
    return;
  }
  const missing = ['MONGODB_URI', 'KEYRING_FILE'].filter((name) => (process.env[name] ?? '') === '');
  if (missing.length > 0) {
    throw new UsageError(
      `Missing ${missing.join(' and ')}. Set ${missing.length > 1 ? 'both' : 'it'}, or add --local while npm start runs.`,
    );
  }
  const file = process.env['KEYRING_FILE'] ?? '';
  if (!existsSync(file))
    throw new UsageError(`No keyring file at ${file}. Set KEYRING_FILE to the path of the keyring.`);
  const problem = await examineMongodbUri(process.env['MONGODB_URI'] ?? '');
  if (problem !== undefined) throw new Unavailable(problem);
};

/** PORT names another `npm start` than the one that wrote its address down. */
const localUrl = async (folder: string): Promise<string> => {
  const port = process.env['PORT'] ?? '';
  if (port !== '') return `http://127.0.0.1:${port}`;
  const noted = await readFile(join(folder, SERVED_ON), 'utf8').catch(() => '');
  return noted.trim() || USUAL_URL;
};

const localDatabase = async (url: string): Promise<string> => {
  const health = await answerOf(`${url}/_local/health`);
  if (typeof health?.mongodbUri === 'string') return health.mongodbUri;
  throw new UsageError(
    `No npm start answers at ${url}/_local/health. Start it and wait until it is ready, or set PORT to its port.`,
  );
};

const localBuckets = async (url: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((await answerOf(`${url}/_local/operator`)) ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** Nothing for every way of getting no answer. */
const answerOf = async (url: string): Promise<{ [name: string]: unknown } | undefined> => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? { ...body } : undefined;
  } catch {
    return undefined;
  }
};
