import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprint } from '#infra/local/fingerprint.ts';
import { type AssemblyToKeep, findKept, makeKept } from '#infra/local/kept-assembly.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'));
});

const made = async (outdir: string): Promise<void> => {
  await mkdir(outdir);
  await writeFile(join(outdir, 'manifest.json'), 'whole');
};
const assembly = (key: string, make = made): AssemblyToKeep => ({
  ...{ folder, make },
  key: () => Promise.resolve(key),
});

describe('a kept assembly', () => {
  it('is made once for the same key', async () => {
    expect(await findKept(assembly('k1'))).toBeUndefined();
    const place = await makeKept(assembly('k1'));
    expect(await readFile(join(place, 'manifest.json'), 'utf8')).toBe('whole');
    expect(await findKept(assembly('k1'))).toBe(place);
    expect(await findKept(assembly('k2'))).toBeUndefined();
    expect(await readdir(folder)).toEqual(['k1']);
  });

  it('is not found while it is made, nor when making it failed half-way', async () => {
    let foundMeanwhile: string | undefined = 'none yet';
    const failing = async (outdir: string): Promise<void> => {
      await made(outdir);
      foundMeanwhile = await findKept(assembly('k1'));
      throw new Error('killed');
    };
    await expect(makeKept(assembly('k1', failing))).rejects.toThrow('killed');
    expect(foundMeanwhile).toBeUndefined();
    expect(await findKept(assembly('k1'))).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is served but not found again when its sources changed meanwhile', async () => {
    let key = 'before';
    const changing = {
      folder,
      key: () => Promise.resolve(key),
      make: async (outdir: string) => {
        await made(outdir);
        key = 'after';
      },
    };
    const place = await makeKept(changing);
    expect(await readFile(join(place, 'manifest.json'), 'utf8')).toBe('whole');
    for (const each of ['before', 'after']) expect(await findKept(assembly(each))).toBeUndefined();
  });

  it('is the first one when two processes make it at once', async () => {
    const [one, other] = await Promise.all([makeKept(assembly('k1')), makeKept(assembly('k1'))]);
    expect(one).toBe(other);
    expect(await readFile(join(one, 'manifest.json'), 'utf8')).toBe('whole');
    expect(await readdir(folder)).toEqual(['k1']);
  });

  it('goes when three others were used later, and so does what a killed process left', async () => {
    const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
    for (const [name, hours] of [
      ['k1', 4],
      ['k2', 3],
      ['k3', 2],
      ['new-old', 2],
      ['new-young', 0],
    ] as const) {
      await mkdir(join(folder, name));
      await utimes(join(folder, name), hoursAgo(hours), hoursAgo(hours));
    }
    await findKept(assembly('k1'));
    await makeKept(assembly('k4'));
    expect((await readdir(folder)).sort()).toEqual(['k1', 'k3', 'k4', 'new-young']);
  });
});

describe('the fingerprint of sources', () => {
  const SOURCES = ['lib', 'package-lock.json', 'not-there'];
  const write = async (file: string, content: string): Promise<void> => {
    await mkdir(join(folder, 'lib/deep'), { recursive: true });
    await writeFile(join(folder, file), content);
  };
  const now = (settings: string[] = ['http://127.0.0.1:3000']) => fingerprint(folder, SOURCES, settings);

  it('stays while nothing changes but prose and what is elsewhere', async () => {
    await write('lib/deep/a.ts', 'one');
    const before = await now();
    await write('lib/README.md', 'more');
    await write('elsewhere.ts', 'more');
    await write('lib/deep/a.ts', 'one');
    expect(await now()).toBe(before);
  });

  it('differs after each change', async () => {
    await write('lib/deep/a.ts', 'one');
    const seen = [await now(), await now(['http://127.0.0.1:4000'])];
    const changes = [
      () => write('lib/deep/a.ts', 'two'),
      () => write('lib/deep/b.ts', ''),
      () => write('lib/b.ts', ''),
      () => write('package-lock.json', '{}'),
      () => write('not-there', ''),
      () => rm(join(folder, 'lib/b.ts')),
    ];
    for (const change of changes) {
      await change();
      seen.push(await now());
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('tells the end of a file from the beginning of the next one', async () => {
    await write('lib/a.ts', 'one\nlib/b.ts 0\n');
    const before = await now();
    await write('lib/a.ts', 'one');
    await write('lib/b.ts', '');
    expect(await now()).not.toBe(before);
  });
});
