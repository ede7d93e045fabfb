import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from './json.ts';

const PATIENCE_MS = 2_000;

/** Whether an `npm start` answers at this address; it may still be starting. */
const isServed = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/_local/health`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const health: unknown = await answer.json();
    return isObject(health) && ('engine' in health || 'doing' in health);
  } catch {
    return false;
  }
};

/**
 * Reserves the data in a folder for the service at `url`: two services on the same data would damage it. There is no
 * release: a service that no longer answers does not hold its data any more.
 * @throws Error with the address of the service that holds the data
 */
export const takeData = async (folder: string, url: string): Promise<void> => {
  const file = join(folder, 'served-on');
  const earlier = await readFile(file, 'utf8').catch(() => '');
  if (earlier !== '' && earlier !== url && (await isServed(earlier))) {
    throw new Error(`Another npm start already uses this data, at ${earlier}. Stop it first.`);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(file, url);
};
