import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * A copy of parts of this project in a folder of its own, with the same packages: what a test writes there is in nobody's way.
 * @param parts files and folders, from the root
 * @returns the folder
 */
export const copiedTree = (parts: readonly string[]): string => {
  const root = mkdtempSync(join(tmpdir(), 'tree-'));
  for (const part of parts) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
};
