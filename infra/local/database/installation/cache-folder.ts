import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { whyUnsafe } from './safe-folder.ts';

type Surroundings = {
  /** 0 for root; undefined on Windows. */
  readonly userId: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Empty for a user without one. */
  readonly home: string;
  readonly temporary: string;
  /** True for a folder that exists or can be made. */
  readonly isUsable: (folder: string) => boolean;
};

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const canExist = (folder: string): boolean => {
  const parent = dirname(folder);
  return existsSync(folder) || (existsSync(parent) ? isWritable(parent) : canExist(parent));
};

const here: Surroundings = {
  userId: process.getuid?.(),
  environment: process.env,
  home: homedir(),
  temporary: tmpdir(),
  isUsable: canExist,
};

/** Anybody can make folders among the temporary files, and the cache holds programs that are run. */
const refuseForeign = (folder: string, userId: number | undefined): string => {
  const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid ?? userId;
  if (owner === userId || userId === undefined) return folder;
  throw new Error(
    `The folder ${folder} belongs to another user. Set DATABASE_CACHE to a folder of your own.`,
  );
};

const userCache = ({ userId, environment, home }: Surroundings): string => {
  if (userId === 0) return '/var/cache';
  const { XDG_CACHE_HOME: chosen = '' } = environment;
  // The XDG specification says to ignore a relative path.
  if (isAbsolute(chosen)) return chosen;
  return home === '' ? '' : join(home, '.cache');
};

/**
 * The folder that keeps downloaded engines between runs. It is outside node_modules, because `npm ci` empties that.
 * For root it is one that `nobody` can enter, the account that PostgreSQL runs as then. Where the user's cache cannot
 * be written, it is among the temporary files. DATABASE_CACHE overrides all of this.
 * @throws Error when that temporary folder belongs to another user
 */
export const cacheFolder = (surroundings: Surroundings = here): string => {
  const { userId, environment, temporary, isUsable } = surroundings;
  const chosen = environment['DATABASE_CACHE'];
  if (chosen) return resolve(chosen);
  const preferred = join(userCache(surroundings), 'customer-management');
  if (isAbsolute(preferred) && isUsable(preferred)) return preferred;
  return refuseForeign(join(temporary, `customer-management-${userId ?? 'cache'}`), userId);
};

/** @throws Error when other users could replace what is at `path`. What is below the cache folder is run. */
export const refuseUnsafe = (path: string, userId = process.getuid?.()): void => {
  const reason = userId === undefined ? undefined : whyUnsafe(path, userId);
  if (reason === undefined) return;
  throw new Error(
    `The database cache holds programs that are run, so no other user may be able to change them, but ${reason}. ` +
      'Correct that, or set DATABASE_CACHE to a folder that only you can write to.',
  );
};

/**
 * The cache folder, or a part of it, made if it does not exist.
 * @throws Error when it cannot be made, or when other users could replace files in it
 */
export const makeCacheFolder = (part = '', surroundings: Surroundings = here): string => {
  const { userId } = surroundings;
  const cache = cacheFolder(surroundings);
  const folder = join(cache, part);
  refuseUnsafe(folder, userId);
  try {
    // `nobody`, which PostgreSQL runs as when root starts it, has to enter the folder. Never rely on the umask.
    mkdirSync(folder, { recursive: true, mode: userId === 0 ? 0o755 : 0o700 });
  } catch (cause) {
    throw cannotBeWritten(cache, cause);
  }
  // Among the temporary files, another user may have made it between the check and mkdir.
  refuseUnsafe(folder, userId);
  return folder;
};

/** The error of a cache folder in which nothing can be made. */
export const cannotBeWritten = (cache: string, cause: unknown): Error =>
  new Error(`The cache folder ${cache} cannot be written. Set DATABASE_CACHE to one that can be written.`, {
    cause,
  });
