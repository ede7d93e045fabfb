import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { examineMongodbUri } from '#infra/mongodb/examine-uri.ts';
import { Unavailable } from '#lib/domain/errors.ts';
import { UsageError } from './command.ts';

const LOCAL_KEYRING = join(resolve(import.meta.dirname, '../..'), '.local', 'keyring.json');
const PATIENCE_MS = 2_000;

/**
 * Checks that `MONGODB_URI` and `KEYRING_FILE` say which database and keyring to use; with `--local`, sets them to those
 * of the running `npm start`.
 * @throws UsageError when one is missing, or when no `npm start` answers; Unavailable when the database cannot be used
 */
export const chooseDatabase = async ({ isLocal }: { isLocal: boolean }): Promise<void> => {
  if (isLocal) {
    process.env['MONGODB_URI'] = await localDatabase();
    process.env['KEYRING_FILE'] = LOCAL_KEYRING;
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

const localDatabase = async (): Promise<string> => {
  const url = `http://127.0.0.1:${process.env['PORT'] ?? '3000'}/_local/health`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const health: unknown = await answer.json();
    if (typeof health === 'object' && health !== null && 'mongodbUri' in health)
      return String(health.mongodbUri);
  } catch {
    // The error below covers every way of getting no answer.
  }
  throw new UsageError(`No npm start answers at ${url}. Start it, or set PORT to its port.`);
};
