import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join, parse, relative, resolve } from 'node:path';

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
/** In a folder with this bit, such as /tmp, others can make files, but not rename or delete those of a user. */
const STICKY = 0o1000;

/** What cannot be read cannot be run either: it counts as missing. */
const orMissing = <Found>(read: () => Found): Found | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const found = (path: string): Stats | undefined => orMissing(() => lstatSync(path));

/** A group with the number of the user holds only that user, as Debian and Fedora set it up. */
const canOthersWrite = ({ mode, gid }: Stats, userId: number): boolean =>
  (mode & WRITABLE_BY_ALL) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid !== userId && gid !== 0);

/** The path itself and every folder above it, the highest first. */
const stepsTo = (path: string): string[] =>
  dirname(path) === path ? [path] : [...stepsTo(dirname(path)), path];

type Step = Readonly<{ path: string; stats: Stats; isLast: boolean }>;

const whyNot = ({ path, stats, isLast }: Step, userId: number): string | undefined => {
  // In a container, the system's folders may belong to another number than 0. The owner of / can change all of it.
  const owners = [userId, 0, found(parse(path).root)?.uid];
  if (!owners.includes(stats.uid)) return `${path} belongs to another user`;
  if (stats.isSymbolicLink() || (!isLast && (stats.mode & STICKY) !== 0)) return undefined;
  return canOthersWrite(stats, userId) ? `other users can write to ${path}` : undefined;
};

/**
 * Why other users could put files of theirs in place of those at a path; undefined when they cannot. Looks at the path, at
 * each folder above it, and behind each link on the way. What does not exist yet is not at fault.
 * @param userId the number of this process's user
 */
export const whyUnsafe = (path: string, userId: number): string | undefined => {
  const whole = resolve(path);
  for (const step of stepsTo(whole)) {
    const stats = found(step);
    if (stats === undefined) return undefined;
    const reason = whyNot({ path: step, stats, isLast: step === whole }, userId);
    if (reason !== undefined) return reason;
    if (!stats.isSymbolicLink()) continue;
    const real = orMissing(() => realpathSync(step));
    return real === undefined ? undefined : whyUnsafe(join(real, relative(step, whole)), userId);
  }
  return undefined;
};
