import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { whyUnsafe } from '#infra/local/database/installation/safe-folder.ts';

const me = process.getuid?.() ?? 0;
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(realpathSync(tmpdir()), 'safe-folder-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const folder = (path: string, mode: number): string => {
  const made = join(base, path);
  mkdirSync(made, { recursive: true });
  chmodSync(made, mode);
  return made;
};

describe('a path that other users cannot change', () => {
  it.each([0o700, 0o755, 0o711, 0o500])('is one of the user’s own, with mode %o', (mode) => {
    expect(whyUnsafe(folder('cache', mode), me)).toBeUndefined();
  });

  it('may not exist yet', () => {
    expect(whyUnsafe(join(base, 'not', 'yet'), me)).toBeUndefined();
  });

  it('may be in a folder that is open to all, if that has the sticky bit', () => {
    folder('shared', 0o1777);
    expect(whyUnsafe(folder('shared/cache', 0o700), me)).toBeUndefined();
    expect(whyUnsafe(join(base, 'shared', 'not-yet'), me)).toBeUndefined();
  });

  it('may be behind a link of the user', () => {
    symlinkSync(folder('cache', 0o700), join(base, 'link'));
    expect(whyUnsafe(join(base, 'link', 'root'), me)).toBeUndefined();
  });
});

describe('a path that other users can change', () => {
  it.each([0o777, 0o757, 0o702])('is one with mode %o', (mode) => {
    const open = folder('cache', mode);
    expect(whyUnsafe(open, me)).toBe(`other users can write to ${open}`);
    expect(whyUnsafe(join(open, 'documentdb', 'bin'), me)).toBe(`other users can write to ${open}`);
  });

  it('is one with the sticky bit itself: others could put their files into it', () => {
    const open = folder('cache', 0o1777);
    expect(whyUnsafe(open, me)).toBe(`other users can write to ${open}`);
  });

  it('is one below such a folder', () => {
    const open = folder('open', 0o777);
    expect(whyUnsafe(folder('open/a/cache', 0o700), me)).toBe(`other users can write to ${open}`);
  });

  it('is one behind a link to such a folder', () => {
    const open = folder('open', 0o777);
    symlinkSync(folder('open/cache', 0o700), join(base, 'link'));
    expect(whyUnsafe(join(base, 'link'), me)).toBe(`other users can write to ${open}`);
    expect(whyUnsafe(join(base, 'link', 'root'), me)).toBe(`other users can write to ${open}`);
  });
});

// Only root can give a folder to another user.
(me === 0 ? describe : describe.skip)('as seen by root and others', () => {
  const OTHER = 4_321;
  const USER = 1_234;

  it('a folder, a folder above it, and a link of another user are unsafe', () => {
    const foreign = folder('foreign', 0o700);
    chownSync(foreign, OTHER, OTHER);
    expect(whyUnsafe(foreign, me)).toBe(`${foreign} belongs to another user`);
    expect(whyUnsafe(join(foreign, 'cache'), me)).toBe(`${foreign} belongs to another user`);
    expect(whyUnsafe(foreign, OTHER)).toBeUndefined();
    const link = join(base, 'link');
    symlinkSync(folder('cache', 0o755), link);
    lchownSync(link, OTHER, OTHER);
    expect(whyUnsafe(join(link, 'root'), me)).toBe(`${link} belongs to another user`);
  });

  it('a folder that another user made first in a shared one is unsafe', () => {
    folder('shared', 0o1777);
    const first = folder('shared/customer-management-1234', 0o755);
    chownSync(first, OTHER, OTHER);
    expect(whyUnsafe(first, USER)).toBe(`${first} belongs to another user`);
  });

  it('a folder that only root can change is safe for everyone', () => {
    expect(whyUnsafe(folder('installed', 0o755), USER)).toBeUndefined();
  });

  it('a group decides: the user’s own and root’s may write, no other', () => {
    const shared = folder('cache', 0o770);
    for (const [group, reason] of [
      [USER, undefined],
      [0, undefined],
      [OTHER, `other users can write to ${shared}`],
    ] as const) {
      chownSync(shared, USER, group);
      expect([group, whyUnsafe(shared, USER)]).toEqual([group, reason]);
    }
  });
});
