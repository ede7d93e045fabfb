import { constants } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotBeWritten, makeCacheFolder, refuseUnsafe } from './cache-folder.ts';
import { withLock } from './lock.ts';
import type { Machine } from './machine.ts';
import { downloadPackages, Unreachable } from './packages.ts';
import { startProgress } from './progress.ts';
import type { Log, Step } from './progress.ts';
import { makeTemplate } from './template.ts';
import { programFolder, unpackPackages } from './unpack.ts';

/** The folders of the installed engine. */
export type Software = {
  readonly binFolder: string;
  /** The data folder that new databases are copied from. */
  readonly template: string;
};

// Raise this when the content of the folder changes: older caches are ignored then.
const layout = 3;

const DOWNLOAD: Step = { title: 'Downloading DocumentDB from Debian (about 140 MB, once)', megabytes: 140 };

const softwareIn = (folder: string): Software => ({
  binFolder: join(folder, 'root', programFolder),
  template: join(folder, 'template'),
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const noDownload = (cache: string, { mirror }: Machine): string =>
  `No database: the cache folder ${cache} holds none and none can be downloaded from ${mirror}, so connect to the ` +
  'network and try again, or set MONGODB_URI to a replica set of MongoDB 8.0 or newer.';

const requireWritable = (cache: string): Promise<void> =>
  access(cache, constants.W_OK).catch((cause: unknown) => {
    throw cannotBeWritten(cache, cause);
  });

const install = async (cache: string, folder: string, { machine, log }: { machine: Machine; log: Log }) => {
  const download = join(cache, 'download');
  const building = `${folder}.building`;
  const fetching = startProgress(DOWNLOAD, log);
  const packages = await downloadPackages(download, machine, fetching)
    .finally(() => fetching.done())
    .catch((error: unknown) => {
      throw error instanceof Unreachable ? new Error(noDownload(cache, machine), { cause: error }) : error;
    });
  const unpacking = startProgress({ title: 'Unpacking DocumentDB' }, log);
  await rm(building, { recursive: true, force: true });
  const root = join(building, 'root');
  await unpackPackages(packages, root, { machine, progress: unpacking }).finally(() => unpacking.done());
  const software = softwareIn(building);
  await makeTemplate(software.binFolder, software.template);
  // Renaming makes the folder appear only when it is complete.
  await rename(building, folder);
  await rm(download, { recursive: true, force: true });
};

/**
 * Installs the embedded engine into the cache on first use, which takes about 15 seconds and 550 MB, without root.
 * Any number of processes may call this at once: one installs, the others wait.
 * @throws Error whose message says what to do, when it cannot be downloaded, or the cache cannot be written or is not safe
 */
export const installDocumentDb = async (machine: Machine, log: Log): Promise<Software> => {
  const cache = makeCacheFolder();
  const folder = join(cache, `documentdb-1.0-${machine.debianArchitecture}-${layout}`);
  if (!(await isThere(folder))) {
    await requireWritable(cache);
    const onWait = (): void => log('Another process is installing DocumentDB. Waiting for it ...');
    await withLock(join(cache, 'install.lock'), onWait, async () => {
      if (!(await isThere(folder))) await install(cache, folder, { machine, log });
    });
  }
  const software = softwareIn(folder);
  refuseUnsafe(software.binFolder);
  return software;
};
