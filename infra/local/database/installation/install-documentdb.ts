import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { withLock } from './lock.ts';
import type { Machine } from './machine.ts';
import { downloadPackages } from './packages.ts';
import { startProgress } from './progress.ts';
import type { Log } from './progress.ts';
import { makeTemplate } from './template.ts';
import { programFolder, unpackPackages } from './unpack.ts';

/** Where the installed engine is. */
export type Software = {
  readonly binFolder: string;
  /** A data folder to copy. */
  readonly template: string;
};

// Counts up when what is made here changes, so that an older cache is not mistaken for this one.
const layout = 3;

const softwareIn = (folder: string): Software => ({
  binFolder: join(folder, 'root', programFolder),
  template: join(folder, 'template'),
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const install = async (cache: string, folder: string, { machine, log }: { machine: Machine; log: Log }) => {
  const download = join(cache, 'download');
  const building = `${folder}.building`;
  const fetching = startProgress('Downloading DocumentDB from Debian (about 140 MB, once)', log);
  const packages = await downloadPackages(download, machine, fetching).finally(() => fetching.done());
  const unpacking = startProgress('Unpacking DocumentDB', log);
  await rm(building, { recursive: true, force: true });
  const root = join(building, 'root');
  await unpackPackages(packages, root, { machine, progress: unpacking }).finally(() => unpacking.done());
  const software = softwareIn(building);
  await makeTemplate(software.binFolder, software.template);
  // The folder appears whole or not at all.
  await rename(building, folder);
  await rm(download, { recursive: true, force: true });
};

/**
 * Gives the embedded engine, installed into the user's cache on first use: some 15 seconds and 550 MB, no root
 * needed. Any number of processes may call this at once; one installs, the others wait.
 */
export const installDocumentDb = async (machine: Machine, log: Log): Promise<Software> => {
  const cache = cacheFolder();
  const folder = join(cache, `documentdb-1.0-${machine.debianArchitecture}-${layout}`);
  if (await isThere(folder)) return softwareIn(folder);
  await mkdir(cache, { recursive: true });
  const onWait = (): void => log('Another process is installing DocumentDB; waiting for it ...');
  await withLock(join(cache, 'install.lock'), onWait, async () => {
    if (!(await isThere(folder))) await install(cache, folder, { machine, log });
  });
  return softwareIn(folder);
};
