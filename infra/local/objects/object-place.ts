import { join } from 'node:path';

/** S3 takes no longer key. */
const LONGEST_KEY_BYTES = 1_024;
/** Most file systems take 255. A version beneath has a name of its own. */
const LONGEST_NAME_BYTES = 240;
/** Ends the folder of an object. No encoded part of a key has it, so `a` and `a/b` can both be keys. */
export const OF_AN_OBJECT = '@';

/** A key that could lead out of the bucket's folder, or that cannot be the name of a file. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/** Letters, digits, `-`, `_` and `.` stay; everything else is percent-encoded. */
const encode = (part: string): string =>
  encodeURIComponent(part).replaceAll(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The part of a key that a name of a folder was made of. */
export const decodePart = (name: string): string => decodeURIComponent(name);

const CONTROL = /[\u0000-\u001f\u007f]/;

const refuse = (why: string): never => {
  throw new UnusableKey(`A key ${why}.`);
};

const encodeSafely = (part: string): string => {
  if (part === '' || part === '.' || part === '..')
    refuse("must not have an empty part, '.' or '..' between slashes");
  const name = encode(part);
  if (name.length > LONGEST_NAME_BYTES)
    refuse('has a part that is too long for the file system of this machine');
  return name;
};

/**
 * The folder of an object inside its bucket's folder.
 * @throws UnusableKey
 */
export const objectFolder = (bucketFolder: string, key: string): string => {
  if (CONTROL.test(key)) refuse('must not have control characters');
  if (!key.isWellFormed()) refuse('must be well-formed text');
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES)
    refuse(`must have at most ${String(LONGEST_KEY_BYTES)} bytes`);
  return `${join(bucketFolder, ...key.split('/').map(encodeSafely))}${OF_AN_OBJECT}`;
};
