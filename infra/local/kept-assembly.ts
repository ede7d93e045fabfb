import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** A made assembly has a hundred MB. */
const MOST_KEPT = 3;
/** No assembly takes this long to make: what is older was left by a process that was killed. */
const ABANDONED_MS = 3_600_000;
const DRAFT = 'new-';

export type AssemblyToKeep = Readonly<{
  /** Where assemblies are kept, each in a folder that is named by its key. */
  folder: string;
  /** Differs for what makes another assembly. Called again after making one: the sources may have changed meanwhile. */
  key: () => Promise<string>;
  /** Writes an assembly into a new folder; whatever it leaves beside that folder is deleted. */
  make: (outdir: string) => Promise<void>;
}>;

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Deletes the assemblies that were used least recently, and drafts of processes that were killed. */
const tidy = async (folder: string): Promise<void> => {
  const names = await readdir(folder);
  const all = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await stat(join(folder, name))).mtimeMs })),
  );
  const kept = all
    .filter(({ name }) => !name.startsWith(DRAFT))
    .sort((one, other) => other.usedAt - one.usedAt);
  const abandoned = all.filter(
    ({ name, usedAt }) => name.startsWith(DRAFT) && usedAt < Date.now() - ABANDONED_MS,
  );
  const unused = [...kept.slice(MOST_KEPT), ...abandoned];
  await Promise.all(unused.map(({ name }) => rm(join(folder, name), { recursive: true, force: true })));
};

/** Makes an assembly beside the others and gives it its name when it is whole, so that nobody ever reads half of one. */
const makeWhole = async ({ folder, key, make }: AssemblyToKeep, wanted: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, DRAFT));
  try {
    const outdir = join(draft, 'cdk.out');
    await make(outdir);
    // A file was saved meanwhile: what was made may be half of the one and half of the other.
    const name = (await key()) === wanted ? wanted : `${wanted}-mixed-${String(Date.now())}`;
    const place = join(folder, name);
    // The second of two processes uses the folder of the first.
    await rename(outdir, place).catch(async (error: unknown) => {
      if (!(await exists(place))) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

/** The kept assembly of this key; undefined when there is none. */
export const findKept = async ({ folder, key }: AssemblyToKeep): Promise<string | undefined> => {
  const place = join(folder, await key());
  if (!(await exists(place))) return undefined;
  const now = new Date();
  await utimes(place, now, now);
  return place;
};

/** Makes the assembly and keeps it. Returns its folder. */
export const makeKept = async (assembly: AssemblyToKeep): Promise<string> => {
  const place = await makeWhole(assembly, await assembly.key());
  await tidy(assembly.folder).catch(() => undefined);
  return place;
};
