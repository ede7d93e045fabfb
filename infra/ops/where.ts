import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Misuse } from './command.ts';

const LOCAL_KEYRING = join(resolve(import.meta.dirname, '../..'), '.local', 'keyring.json');
const PATIENCE_MS = 2_000;

/**
 * Makes sure that it is said on which database and with which keyring a command works.
 * @throws Misuse when it is not, or when no `npm start` answers
 */
export const chooseDatabase = async ({ isLocal }: { isLocal: boolean }): Promise<void> => {
  if (isLocal) {
    process.env['MONGODB_URI'] = await localDatabase();
    process.env['KEYRING_FILE'] = LOCAL_KEYRING;
    return;
  }
  const missing = ['MONGODB_URI', 'KEYRING_FILE'].filter((name) => (process.env[name] ?? '') === '');
  if (missing.length > 0) {
    throw new Misuse(`Set ${missing.join(' and ')}, or say --local while npm start runs.`);
  }
  const file = process.env['KEYRING_FILE'] ?? '';
  if (!existsSync(file)) throw new Misuse(`There is no keyring at ${file}, which KEYRING_FILE names.`);
};

const localDatabase = async (): Promise<string> => {
  const url = `http://127.0.0.1:${process.env['PORT'] ?? '3000'}/_local/health`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const health: unknown = await answer.json();
    if (typeof health === 'object' && health !== null && 'mongodbUri' in health)
      return String(health.mongodbUri);
  } catch {
    // Nobody listens there: said below.
  }
  throw new Misuse(`No npm start answers at ${url}. Start it, or name its port in PORT.`);
};
