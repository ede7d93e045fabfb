import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from './installation/cache-folder.ts';
import { account } from './postgres/account.ts';

const canOthersEnter = async (folder: string): Promise<boolean> => {
  const othersMayEnter = 0o001;
  const { mode } = await stat(folder);
  if ((mode & othersMayEnter) === 0) return false;
  return dirname(folder) === folder || canOthersEnter(dirname(folder));
};

/**
 * The folder in which the embedded engine can keep the data of `wanted`. Root lends the engine an account that
 * cannot enter root's private folders; then it is a folder of that name's own in the cache.
 */
export const usableDataPath = async (wanted: string): Promise<string> => {
  await mkdir(dirname(wanted), { recursive: true });
  const usable =
    !account || (await canOthersEnter(dirname(wanted)))
      ? wanted
      : join(cacheFolder(), 'data', createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  await mkdir(usable, { recursive: true });
  return usable;
};
