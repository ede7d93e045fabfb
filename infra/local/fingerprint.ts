import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Prose changes nothing that runs. */
const PROSE = /\.md$/;

const filesOf = async (path: string): Promise<string[]> => {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/**
 * A text that differs whenever a file differs, has another name, is new or is gone, or one of the settings differs.
 * @param sources files and folders below `root`; one that does not exist counts as nothing
 */
export const fingerprint = async (
  root: string,
  sources: readonly string[],
  settings: readonly string[],
): Promise<string> => {
  const found = await Promise.all(sources.map((source) => filesOf(join(root, source))));
  const files = found
    .flat()
    .filter((file) => !PROSE.test(file))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    // Each with its length: otherwise the end of one file could be the beginning of the next one.
    hash.update(`\n${relative(root, file)} ${String(content.length)}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
};
