import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeCacheFolder } from './installation/cache-folder.ts';
import { account } from './postgres/account.ts';

const canOthersEnter = async (folder: string): Promise<boolean> => {
  const othersMayEnter = 0o001;
  const { mode } = await stat(folder);
  if ((mode & othersMayEnter) === 0) return false;
  return dirname(folder) === folder || canOthersEnter(dirname(folder));
};

/**
 * The folder in which the embedded engine keeps the data for `wanted`. When root starts it, PostgreSQL runs as an account
 * that cannot enter root's private folders. For those this is a folder in the cache, a different one for each path.
 */
export const usableDataPath = async (wanted: string): Promise<string> => {
  await mkdir(dirname(wanted), { recursive: true });
  const usable =
    !account || (await canOthersEnter(dirname(wanted)))
      ? wanted
      : join(makeCacheFolder('data'), createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  await mkdir(usable, { recursive: true });
  return usable;
};
