import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BuildFailure, Metafile } from 'esbuild';
import { contracts, folderOf } from '#functions/contracts.ts';
import { bundle } from '../bundles.ts';
import { StaleFunctions } from './stale-functions.ts';
import { watchFolders } from './watch-folders.ts';

/**
 * The process beside `npm run dev` that bundles functions again when a file of theirs is saved, with source maps. Its first
 * argument is the folder for the bundles; the others are functions, or it bundles all. It tells its parent which functions are
 * stale, built or broken. Its parent says which ones somebody waits for.
 */

const ROOT = resolve(import.meta.dirname, '../../..');
/** Folders whose files go into bundles. */
const WATCHED = ['functions', 'lib', 'infra/build/shims'];
/** One save is several events of the file system, and an editor may save several files at once. */
const SETTLE_MS = 40;
/** So that one that somebody waits for is never behind many. */
const AT_ONCE = 4;

/** What this process tells its parent. */
export type BuilderNews = Readonly<
  | { kind: 'watching' }
  | { kind: 'stale'; files: readonly string[]; names: readonly string[] }
  | { kind: 'built'; names: readonly string[]; folder: string }
  | { kind: 'broken'; names: readonly string[]; reasons: readonly string[] }
>;
/** What its parent tells it. */
export type BuilderWish = Readonly<{ prefer: readonly string[] }>;

const [, , outdir = '', ...only] = process.argv;
const stale = new StaleFunctions(only.length > 0 ? only : contracts.map(({ name }) => name));
const saved = new Set<string>();
let generation = 0;
let isWorking = false;

const tell = (news: BuilderNews): void => void process.send?.(news);

/** Every file that a function imports, also by way of others, and whether or not esbuild left something of it out. */
const inputsOf = ({ inputs }: Metafile, entry: string): string[] => {
  const found = new Set([entry]);
  // Files that are added while the loop runs are visited too.
  for (const file of found)
    for (const { path, external = false } of inputs[file]?.imports ?? []) if (!external) found.add(path);
  return [...found];
};

const isBuildFailure = (error: unknown): error is BuildFailure =>
  Error.isError(error) && 'errors' in error && Array.isArray(error.errors);

const reasonsOf = (error: unknown): string[] =>
  isBuildFailure(error)
    ? error.errors.map(({ location, text }) =>
        location === null
          ? text
          : `${location.file}:${String(location.line)}:${String(location.column)}: ${text}`,
      )
    : [String(error)];

const build = async (names: readonly string[]): Promise<void> => {
  generation += 1;
  const folder = join(outdir, String(generation));
  try {
    const { metafile } = await bundle(names, { outdir: folder, sourcemap: 'linked', sourcesContent: false });
    for (const name of names) stale.bundled(name, inputsOf(metafile, `${folderOf(name)}/handler.ts`));
    // A file that was saved during this build may be missing in it: such a function is built again.
    tell({ kind: 'built', names: names.filter((name) => !stale.isStale(name)), folder });
  } catch (error) {
    // One that is broken must not keep the others from being built.
    if (names.length > 1) {
      for (const name of names) await build([name]);
      return;
    }
    for (const name of names) stale.failed(name);
    tell({ kind: 'broken', names, reasons: reasonsOf(error) });
  }
};

const noteSaved = (): void => {
  if (saved.size === 0) return;
  const files = [...saved];
  saved.clear();
  const names = stale.saved(files);
  if (names.length > 0) tell({ kind: 'stale', files, names });
};

const work = async (): Promise<void> => {
  if (isWorking) return;
  isWorking = true;
  for (let names = stale.take(AT_ONCE); names.length > 0; names = stale.take(AT_ONCE)) {
    await build(names);
    noteSaved();
  }
  isWorking = false;
};

watchFolders(ROOT, WATCHED, (file) => {
  saved.add(file);
  void pause(SETTLE_MS).then(() => {
    noteSaved();
    return work();
  });
});
process.on('message', ({ prefer }: BuilderWish) => {
  stale.prefer(prefer);
});
process.on('disconnect', () => process.exit());
tell({ kind: 'watching' });
await work();
