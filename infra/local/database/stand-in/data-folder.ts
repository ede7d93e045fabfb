import { execFile } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePrivateFolder } from '../postgres/postgres-process.ts';

const run = promisify(execFile);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** PostgreSQL's folder in `dbpath`: the existing one, or a new copy of the template. */
export const prepareDataFolder = async (dbpath: string, template: string): Promise<string> => {
  const folder = join(dbpath, 'documentdb');
  if (await exists(join(folder, 'PG_VERSION'))) return folder;
  await makePrivateFolder(dbpath);
  const copy = `${folder}.new`;
  await rm(copy, { recursive: true, force: true });
  await run('cp', ['--archive', '--reflink=auto', template, copy]);
  await run('mv', [copy, folder]);
  return folder;
};
