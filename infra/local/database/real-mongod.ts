import { execFile } from 'node:child_process';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DryMongoBinary } from 'mongodb-memory-server';
import { cacheFolder, makeCacheFolder } from './installation/cache-folder.ts';
import { findProgram } from './installation/machine.ts';
import type { Log } from './installation/progress.ts';
import { whyUnsafe } from './installation/safe-folder.ts';

const run = promisify(execFile);

/** The chosen mongod, in the form of mongodb-memory-server's options. */
export type MongodChoice = {
  readonly why: string;
  readonly binary: { systemBinary?: string; downloadDir?: string };
};

const oldestMajorVersion = 8;
const patienceMs = 1_000;

const majorVersionOf = async (path: string): Promise<number> => {
  const { stdout } = await run(path, ['--version']).catch(() => ({ stdout: '' }));
  return Number(/db version v(\d+)/.exec(stdout)?.[1] ?? 0);
};

const onPath = async (): Promise<MongodChoice | undefined> => {
  const path = await findProgram('mongod');
  if (!path || (await majorVersionOf(path)) < oldestMajorVersion) return undefined;
  return { why: `found at ${path}`, binary: { systemBinary: path } };
};

/** The part of the cache that mongodb-memory-server downloads to. */
const DOWNLOADS = 'mongodb';

/** The mongod that mongodb-memory-server would run. Without a home, it also searches below the current folder. */
const downloadedEarlier = async (): Promise<string | undefined> => {
  for (const options of [{}, { downloadDir: join(cacheFolder(), DOWNLOADS) }]) {
    const ensured = DryMongoBinary.getEnsuredOptions(options);
    const path = await DryMongoBinary.locateBinary(ensured).catch(() => undefined);
    if (path) return path;
  }
  return undefined;
};

const whyNot = (path: string): string | undefined => {
  const userId = process.getuid?.();
  return userId === undefined ? undefined : whyUnsafe(path, userId);
};

/** True if MongoDB's download site answers within a second; a proxy named in the environment is used. */
export const isDownloadReachable = (site = 'https://fastdl.mongodb.org'): Promise<boolean> =>
  new Promise((resolve) => {
    const agent = new Agent({ proxyEnv: process.env });
    const asking = request(site, { method: 'HEAD', agent, signal: AbortSignal.timeout(patienceMs) });
    asking.once('response', (answer) => {
      answer.resume();
      // Any answer of the site itself is enough. A proxy that refuses answers with 403, 407 or 5xx.
      resolve((answer.statusCode ?? 500) < 400);
    });
    asking.once('error', () => resolve(false));
    asking.end();
  });

/**
 * A real mongod: an installed one, else one that can be downloaded; undefined when there is neither.
 * @param log takes why a downloaded mongod is not used
 * @throws Error when other users could replace what would be downloaded
 */
export const findMongod = async (log: Log): Promise<MongodChoice | undefined> => {
  const earlier = await downloadedEarlier();
  const danger = earlier === undefined ? undefined : whyNot(earlier);
  if (earlier !== undefined && danger === undefined)
    return { why: `found at ${earlier}`, binary: { systemBinary: earlier } };
  if (danger !== undefined) log(`The mongod at ${String(earlier)} is not used, because ${danger}.`);
  const installed = await onPath();
  if (installed) return installed;
  // mongodb-memory-server would find the unsafe one again, and run it instead of downloading one.
  if (danger !== undefined) return undefined;
  if (!(await isDownloadReachable(process.env['MONGOMS_DOWNLOAD_MIRROR']))) return undefined;
  return { why: 'downloaded from mongodb.org', binary: { downloadDir: makeCacheFolder(DOWNLOADS) } };
};
