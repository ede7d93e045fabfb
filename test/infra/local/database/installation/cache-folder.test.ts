import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheFolder, makeCacheFolder } from '#infra/local/database/installation/cache-folder.ts';

const user = {
  userId: 1000,
  environment: {},
  home: '/home/anna',
  temporary: '/no-such-folder',
  isUsable: () => true,
};
const readOnly = { ...user, isUsable: () => false };

describe('cacheFolder', () => {
  it.each([
    ['the user’s cache', user, '/home/anna/.cache/customer-management'],
    ['XDG_CACHE_HOME', { ...user, environment: { XDG_CACHE_HOME: '/x' } }, '/x/customer-management'],
    ['what DATABASE_CACHE says', { ...user, environment: { DATABASE_CACHE: '/ci' } }, '/ci'],
    ['where nobody can reach it, for root', { ...user, userId: 0 }, '/var/cache/customer-management'],
    [
      'temporary where the home folder cannot be written',
      readOnly,
      '/no-such-folder/customer-management-1000',
    ],
    [
      'the user’s cache where XDG_CACHE_HOME is empty or relative',
      { ...user, environment: { XDG_CACHE_HOME: '' } },
      '/home/anna/.cache/customer-management',
    ],
    [
      'never relative to the current folder',
      { ...user, home: '', environment: { XDG_CACHE_HOME: 'cache' } },
      '/no-such-folder/customer-management-1000',
    ],
    [
      'absolute where DATABASE_CACHE is relative',
      { ...user, environment: { DATABASE_CACHE: 'cache' } },
      resolve('cache'),
    ],
    ['temporary without a home folder', { ...user, home: '' }, '/no-such-folder/customer-management-1000'],
    [
      'temporary for root too where /var/cache cannot be written',
      { ...readOnly, userId: 0 },
      '/no-such-folder/customer-management-0',
    ],
  ])('is %s', (_, surroundings, folder) => {
    expect(cacheFolder(surroundings)).toBe(folder);
  });

  it('is never a temporary folder of another user', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'temporary-'));
    mkdirSync(join(temporary, 'customer-management-123456'));
    expect(() => cacheFolder({ ...readOnly, temporary, userId: 123_456 })).toThrow(
      'belongs to another user. Set DATABASE_CACHE to a folder of your own.',
    );
    rmSync(temporary, { recursive: true });
  });
});

describe('makeCacheFolder', () => {
  const userId = process.getuid?.();
  const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
  const ADVICE = 'Correct that, or set DATABASE_CACHE to a folder that only you can write to.';
  let shared: string;
  let umask: number;

  beforeEach(() => {
    shared = mkdtempSync(join(tmpdir(), 'shared-'));
    chmodSync(shared, 0o1777);
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(shared, { recursive: true });
  });

  const withoutHome = () => ({ userId, environment: {}, home: '', temporary: shared, isUsable: () => false });

  it('makes a folder that no other user can write to, whatever the umask', () => {
    const folder = makeCacheFolder('mongodb', withoutHome());
    expect(folder).toBe(join(shared, `customer-management-${String(userId)}`, 'mongodb'));
    const wanted = userId === 0 ? '755' : '700';
    expect([modeOf(folder), modeOf(join(folder, '..'))]).toEqual([wanted, wanted]);
    expect(makeCacheFolder('mongodb', withoutHome())).toBe(folder);
  });

  it('refuses one that others can write to, and names it', () => {
    const folder = join(shared, `customer-management-${String(userId)}`);
    mkdirSync(folder, { mode: 0o777 });
    expect(() => makeCacheFolder('', withoutHome())).toThrow(`other users can write to ${folder}. ${ADVICE}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a DATABASE_CACHE below a folder that others can write to, before it makes anything', () => {
    const open = join(shared, 'open');
    mkdirSync(open, { mode: 0o777 });
    const environment = { DATABASE_CACHE: join(open, 'cache') };
    expect(() => makeCacheFolder('', { ...withoutHome(), environment })).toThrow(
      `other users can write to ${open}. ${ADVICE}`,
    );
    expect(readdirSync(open)).toEqual([]);
  });

  it('refuses a home that others can write to', () => {
    const home = join(shared, 'home');
    mkdirSync(home, { mode: 0o777 });
    const surroundings = { ...withoutHome(), userId: 1_000, home, isUsable: () => true };
    expect(() => makeCacheFolder('', surroundings)).toThrow(/(other users can write to|belongs to another)/);
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('a process without a home', () => {
  const ROOT = resolve(import.meta.dirname, '../../../../..');
  const FIND_MONGOD = `
    import { findMongod } from '#infra/local/database/real-mongod.ts';
    const lines = [];
    process.chdir(process.env.CURRENT);
    const choice = await findMongod((line) => lines.push(line));
    process.stdout.write(JSON.stringify({ choice, lines }));
  `;
  const NAME_OF_MONGOD = `
    import { DryMongoBinary } from 'mongodb-memory-server';
    const options = await DryMongoBinary.generateOptions();
    process.stdout.write(await DryMongoBinary.getBinaryName(options));
  `;
  const evaluate = (code: string, env = {}): string => {
    const home = { HOME: '', XDG_CACHE_HOME: '', PATH: '', MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:1' };
    return execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: ROOT,
      env: { ...process.env, ...home, ...env },
      encoding: 'utf8',
    });
  };

  const plant = (folder: string): string => {
    const planted = join(folder, evaluate(NAME_OF_MONGOD));
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(planted, '#!/bin/sh\n', { mode: 0o755 });
    // mongodb-memory-server takes a smaller file, or one without a checksum beside it, for a broken download.
    truncateSync(planted, 2 * 1024 * 1024);
    writeFileSync(`${planted}.md5`, '');
    return planted;
  };

  it.each([
    ['the cache', 'mongodb'],
    ['the current folder, which is searched instead of the home', '.cache/mongodb-binaries'],
  ])('runs a mongod from %s, but not when others can write to its folder', (_, place) => {
    const current = mkdtempSync(join(tmpdir(), 'planted-'));
    const folder = join(current, place);
    const planted = plant(folder);
    const found = () => JSON.parse(evaluate(FIND_MONGOD, { DATABASE_CACHE: current, CURRENT: current }));
    const closed = found();
    chmodSync(folder, 0o777);
    const open = found();
    rmSync(current, { recursive: true });
    expect(closed).toEqual({
      choice: { why: `found at ${planted}`, binary: { systemBinary: planted } },
      lines: [],
    });
    expect(open).toEqual({
      lines: [`The mongod at ${planted} is not used, because other users can write to ${folder}.`],
    });
  });
});
