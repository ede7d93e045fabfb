import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';
import { say } from './figures.ts';

/** A quarter of what a server for a million customers would have; the engine's own 128 MB hold less than one index of theirs. */
const CACHE_GB = 4;

/** Where what has that name is kept between runs. */
export const keptFolder = (name: string): string => resolve(import.meta.dirname, '../../.local', name);

/**
 * Starts a database that is kept between runs, with the keys that what it holds was sealed with. The environment of this
 * process and its children names the keys, and silences the functions.
 */
export const startKeptDatabase = async (databaseName: string) => {
  const folder = keptFolder(databaseName);
  await mkdir(folder, { recursive: true });
  const keyringFile = join(folder, 'keyring.json');
  await readOrMakeKeyring(keyringFile);
  Object.assign(process.env, {
    KEYRING_FILE: keyringFile,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  return {
    folder,
    ...(await startDatabase({ databaseName, dataPath: folder, cacheGb: CACHE_GB, log: say })),
  };
};
