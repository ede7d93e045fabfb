import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from './json.ts';

const PATIENCE_MS = 2_000;

/** Whether a service of ours answers there, be it still starting. */
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
 * Takes the data in a folder for the service that listens at `url`: two at once would ruin them for each other.
 * Nothing is ever to be given back: who does not answer any more has left them.
 * @throws Error saying where the one is that has them
 */
export const takeData = async (folder: string, url: string): Promise<void> => {
  const file = join(folder, 'served-on');
  const earlier = await readFile(file, 'utf8').catch(() => '');
  if (earlier !== '' && earlier !== url && (await isServed(earlier))) {
    throw new Error(`The same data are served on ${earlier}: stop that one first.`);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(file, url);
};
