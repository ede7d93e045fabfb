import { execFile } from 'node:child_process';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DryMongoBinary } from 'mongodb-memory-server';
import { cacheFolder } from './installation/cache-folder.ts';
import { findProgram } from './installation/machine.ts';

const run = promisify(execFile);

/** What mongodb-memory-server needs to be told to run the mongod that was chosen. */
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

const downloadFolder = (): string => join(cacheFolder(), 'mongodb');

const downloadedEarlier = async (): Promise<MongodChoice | undefined> => {
  for (const options of [{}, { downloadDir: downloadFolder() }]) {
    const ensured = DryMongoBinary.getEnsuredOptions(options);
    const path = await DryMongoBinary.locateBinary(ensured).catch(() => undefined);
    if (path) return { why: `found at ${path}`, binary: { systemBinary: path } };
  }
  return undefined;
};

/** True if MongoDB's download site answers within a second; a proxy named in the environment is used. */
export const isDownloadReachable = (site = 'https://fastdl.mongodb.org'): Promise<boolean> =>
  new Promise((resolve) => {
    const agent = new Agent({ proxyEnv: process.env });
    const asking = request(site, { method: 'HEAD', agent, signal: AbortSignal.timeout(patienceMs) });
    asking.once('response', (answer) => {
      answer.resume();
      // Any word from the site itself will do; a refusing proxy answers for it with 403, 407 or 5xx.
      resolve((answer.statusCode ?? 500) < 400);
    });
    asking.once('error', () => resolve(false));
    asking.end();
  });

/** A real mongod: one that is here, or else one that can be downloaded; undefined when neither. */
export const findMongod = async (): Promise<MongodChoice | undefined> => {
  const here = (await downloadedEarlier()) ?? (await onPath());
  if (here) return here;
  if (!(await isDownloadReachable(process.env['MONGOMS_DOWNLOAD_MIRROR']))) return undefined;
  return { why: 'downloaded from mongodb.org', binary: { downloadDir: downloadFolder() } };
};
