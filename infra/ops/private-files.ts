import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** Permissions of files with customers or keys in them. */
export const OWNER_ONLY = 0o600;

/**
 * Creates a file that only its owner can read, and opens it for writing. It never writes through a link, nor into a file that
 * is already there.
 * @throws UsageError when anything has this name already, or it cannot be written
 */
export const createPrivateFile = async (file: string): Promise<FileHandle> =>
  await open(file, 'wx', OWNER_ONLY).catch((cause: unknown) => {
    throw new UsageError(whyNotWritten(file, cause), { cause });
  });

/**
 * Creates the first of these files whose name is free, as `createPrivateFile` does.
 * @throws UsageError when it cannot be written
 */
export const createFirstFree = async (
  files: Iterable<string>,
): Promise<Readonly<{ file: string; opened: FileHandle }>> => {
  for (const file of files) {
    try {
      return { file, opened: await createPrivateFile(file) };
    } catch (error) {
      if (!(error instanceof UsageError) || codeOf(error.cause) !== 'EEXIST') throw error;
    }
  }
  throw new UsageError('Every name for this file is in use. Move the files away that are no longer needed.');
};

/** Does not wait for the other end of a pipe. */
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
const APPENDING = O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_WRONLY;

/**
 * Opens a file to add to its end; a new one can be read by its owner only.
 * @throws UsageError when it is a link or not a file of this user alone, or cannot be written
 */
export const openToAppend = async (file: string): Promise<FileHandle> => {
  const opened = await open(file, APPENDING, OWNER_ONLY).catch((cause: unknown) => {
    throw new UsageError(whyNotWritten(file, cause), { cause });
  });
  const found = await opened.stat();
  const isOwn = found.uid === (process.getuid?.() ?? found.uid);
  // With a second name (a hard link), the lines would also go into another file.
  if (found.isFile() && found.nlink === 1 && isOwn) return opened;
  await opened.close();
  throw new UsageError(`${file} is not a plain file that only you own. Name another file, or a new one.`);
};

/** Why a file could not be written, in a sentence for the operator. */
export const whyNotWritten = (file: string, error: unknown): string => {
  switch (codeOf(error)) {
    case 'EEXIST':
      return `${file} exists already. Name a file that does not exist yet, or move this one away first.`;
    case 'ELOOP':
      return isLink(file);
    default:
      return `Cannot write ${file}. Check that its folder exists and that you may write there.`;
  }
};

/** What to say of a name that is a link to a file. */
export const isLink = (file: string): string => `${file} is a link. Name the file itself.`;

/** The code of a system error; undefined when there is none. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
