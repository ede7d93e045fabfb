import { randomUUID } from 'node:crypto';
import { type Dirent, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type JsonObject, isObject, numberAt, parseJson, textAt } from '../json.ts';
import { decodePart, objectFolder, OF_AN_OBJECT } from './object-place.ts';

/** What the shelf knows of an object beside its content. */
export type ObjectAbout = Readonly<{
  key: string;
  bytes: number;
  /** SHA-256 of the content, in base64. */
  sha256: string;
  storageClass: string;
  /** When it was stored, in milliseconds since the epoch. */
  at: number;
  restore?: Restore;
}>;

/** From when to when a restored object can be read, in milliseconds since the epoch. */
export type Restore = Readonly<{ readyAt: number; until: number }>;

type Place = Readonly<{ bucket: string; key: string }>;

const BODY = 'body';
const ABOUT = 'about.json';
const RESTORE = 'restore.json';
/** Ends the name of a version that says that the object is deleted. */
const DELETED = '-deleted';
/** Not the name of a bucket, which cannot begin with a dot. */
const STAGED = '.staged';

/** A folder's entries; none if it does not exist. */
const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isObject(error) && error.code === 'ENOENT') return [];
    throw error;
  }
};

const readJson = (file: string): JsonObject | undefined => {
  try {
    const value = parseJson(readFileSync(file, 'utf8'));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (isObject(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Versioned buckets as folders. Each version is a folder of its own that is written elsewhere and then renamed, so a
 * process that is killed leaves no half object. Like the embedded database, it does not wait for the disk. Older versions
 * stay. Nothing is kept in memory.
 */
export class ObjectShelf {
  readonly #folder: string;

  /** @param folder holds a folder for each bucket */
  constructor(folder: string) {
    this.#folder = folder;
    rmSync(join(folder, STAGED), { recursive: true, force: true });
  }

  async put({ bucket, key }: Place, body: Buffer, about: Omit<ObjectAbout, 'key' | 'bytes'>): Promise<void> {
    const target = objectFolder(join(this.#folder, bucket), key);
    const staged = await this.#stage();
    await writeFile(join(staged, BODY), body);
    const text = JSON.stringify({ key, bytes: body.length, ...about });
    await writeFile(join(staged, ABOUT), text);
    addVersion(target, staged, '');
  }

  /** The current version, or undefined for an object that is absent or deleted. */
  about({ bucket, key }: Place): ObjectAbout | undefined {
    const version = currentVersion(objectFolder(join(this.#folder, bucket), key));
    return version === undefined ? undefined : readAbout(version, key);
  }

  /** @throws Error when the object is absent */
  body({ bucket, key }: Place): Buffer {
    const version = currentVersion(objectFolder(join(this.#folder, bucket), key));
    return readFileSync(join(version ?? '', BODY));
  }

  /** Hides the object. Its versions stay. */
  async remove({ bucket, key }: Place): Promise<void> {
    const target = objectFolder(join(this.#folder, bucket), key);
    if (currentVersion(target) !== undefined) addVersion(target, await this.#stage(), DELETED);
  }

  async restore({ bucket, key }: Place, restore: Restore): Promise<void> {
    const version = currentVersion(objectFolder(join(this.#folder, bucket), key)) ?? '';
    const staged = join(await this.#stage(), RESTORE);
    await writeFile(staged, JSON.stringify(restore));
    renameSync(staged, join(version, RESTORE));
    rmSync(dirname(staged), { recursive: true });
  }

  /** The keys that begin with a prefix, in the order of their bytes. */
  keys(bucket: string, prefix = ''): string[] {
    return [...keysIn(join(this.#folder, bucket), '', prefix)]
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
      .map(({ key }) => key);
  }

  async #stage(): Promise<string> {
    const staged = join(this.#folder, STAGED, randomUUID());
    await mkdir(staged, { recursive: true });
    return staged;
  }
}

/** The names of versions are as long as each other, so that the last in the alphabet is the newest. */
const versionsOf = (folder: string): string[] =>
  entriesOf(folder)
    .map(({ name }) => name)
    .sort();

const currentVersion = (folder: string): string | undefined => {
  const newest = versionsOf(folder).at(-1);
  return newest === undefined || newest.endsWith(DELETED) ? undefined : join(folder, newest);
};

/** Another process can take the same name at the same time; the rename fails then. */
const addVersion = (folder: string, staged: string, ending: string): void => {
  mkdirSync(folder, { recursive: true });
  const newest = Number.parseInt(versionsOf(folder).at(-1) ?? '0', 10);
  renameSync(staged, join(folder, `${String(Math.max(Date.now(), newest + 1)).padStart(15, '0')}${ending}`));
};

const readAbout = (version: string, key: string): ObjectAbout | undefined => {
  const about = readJson(join(version, ABOUT));
  if (about === undefined) return undefined;
  const restore = readJson(join(version, RESTORE));
  return {
    key,
    bytes: numberAt(about, 'bytes') ?? 0,
    sha256: textAt(about, 'sha256') ?? '',
    storageClass: textAt(about, 'storageClass') ?? 'STANDARD',
    at: numberAt(about, 'at') ?? 0,
    ...(restore !== undefined && {
      restore: { readyAt: numberAt(restore, 'readyAt') ?? 0, until: numberAt(restore, 'until') ?? 0 },
    }),
  };
};

/** Walks only where a key with the prefix can be. */
function* keysIn(folder: string, path: string, prefix: string): Generator<string> {
  for (const entry of entriesOf(folder).filter((one) => one.isDirectory())) {
    const isObjectFolder = entry.name.endsWith(OF_AN_OBJECT);
    const name = isObjectFolder ? entry.name.slice(0, -OF_AN_OBJECT.length) : entry.name;
    const key = `${path}${decodePart(name)}`;
    const inside = join(folder, entry.name);
    if (isObjectFolder) {
      if (key.startsWith(prefix) && currentVersion(inside) !== undefined) yield key;
    } else if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) {
      yield* keysIn(inside, `${key}/`, prefix);
    }
  }
}
