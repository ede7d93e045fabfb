import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Calls `saved` with each file below the folders that is written, replaced, new or gone; a path is from the root. Each folder
 * has a watch of its own: with `recursive`, Node on Linux watches each file, and loses one that an editor replaces.
 * @returns what ends all watches
 */
export const watchFolders = (
  root: string,
  folders: readonly string[],
  saved: (file: string) => void,
): (() => void) => {
  const watches = new Map<string, FSWatcher>();

  const isFolder = (path: string): boolean => {
    try {
      return readdirSync(path).length >= 0;
    } catch {
      return false;
    }
  };

  const forget = (path: string): void => {
    watches.get(path)?.close();
    watches.delete(path);
  };

  /** Watches a folder and those in it. Of one that is new, each file counts as saved. */
  const add = (path: string, isNew: boolean): void => {
    forget(path);
    const watching = watch(path, (_event, name) => {
      if (name !== null) look(join(path, name));
    });
    watching.on('error', () => {
      forget(path);
    });
    watches.set(path, watching);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (entry.isDirectory()) add(below, isNew);
      else if (isNew) saved(relative(root, below));
    }
  };

  const look = (path: string): void => {
    if (isFolder(path)) {
      if (!watches.has(path)) add(path, true);
      return;
    }
    for (const gone of [...watches.keys()]) if (gone === path || gone.startsWith(path + sep)) forget(gone);
    saved(relative(root, path));
  };

  for (const folder of folders) add(join(root, folder), false);
  return () => {
    for (const path of [...watches.keys()]) forget(path);
  };
};
