import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { watchFolders } from '#infra/build/dev/watch-folders.ts';
import { until } from '#test/infra/local/fixtures/processes.ts';

let root = '';
let stop: () => void;
let saved: string[] = [];

beforeEach(async () => {
  saved = [];
  root = await mkdtemp(join(tmpdir(), 'watched-'));
  await mkdir(join(root, 'lib/deep'), { recursive: true });
  await writeFile(join(root, 'lib/deep/a.ts'), 'one');
  stop = watchFolders(root, ['lib'], (file) => saved.push(file));
});
afterEach(async () => {
  stop();
  await rm(root, { recursive: true });
});

/** Whether a change of this file is told. */
const isTold = async (file: string, change: () => Promise<unknown>): Promise<void> => {
  saved = [];
  await change();
  await until(() => saved.includes(file));
  expect(saved).toContain(file);
};
const write = (file: string): Promise<void> => writeFile(join(root, file), 'more');
const replace = async (file: string): Promise<void> => {
  await writeFile(join(root, 'draft'), 'more');
  await rename(join(root, 'draft'), join(root, file));
};

describe('the watch of folders', () => {
  it('tells of a file that is written, also after an editor has replaced it', async () => {
    await isTold('lib/deep/a.ts', () => write('lib/deep/a.ts'));
    for (let times = 0; times < 3; times += 1) {
      await isTold('lib/deep/a.ts', () => replace('lib/deep/a.ts'));
      await isTold('lib/deep/a.ts', () => write('lib/deep/a.ts'));
    }
    await isTold('lib/deep/a.ts', () => rm(join(root, 'lib/deep/a.ts')));
  });

  it('tells of files in a folder that is new, or was deleted and made again', async () => {
    for (let times = 0; times < 2; times += 1) {
      await isTold('lib/new/wing/b.ts', async () => {
        await mkdir(join(root, 'lib/new/wing'), { recursive: true });
        await write('lib/new/wing/b.ts');
      });
      await isTold('lib/new/wing/b.ts', () => write('lib/new/wing/b.ts'));
      await rm(join(root, 'lib/new'), { recursive: true });
      await until(() => saved.includes('lib/new'));
    }
  });
});
