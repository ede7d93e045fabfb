import { describe, expect, it } from '@jest/globals';
import { cacheFolder } from '#infra/local/database/installation/cache-folder.ts';

const user = { isRoot: false, environment: {}, home: '/home/anna' };

describe('cacheFolder', () => {
  it.each([
    ['the user’s cache', user, '/home/anna/.cache/customer-management'],
    ['XDG_CACHE_HOME', { ...user, environment: { XDG_CACHE_HOME: '/x' } }, '/x/customer-management'],
    ['what DATABASE_CACHE says', { ...user, environment: { DATABASE_CACHE: '/ci' } }, '/ci'],
    ['where nobody can reach it, for root', { ...user, isRoot: true }, '/var/cache/customer-management'],
  ])('is %s', (_, surroundings, folder) => {
    expect(cacheFolder(surroundings)).toBe(folder);
  });
});
