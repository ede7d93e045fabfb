import { describe, expect, it } from '@jest/globals';
import { StaleFunctions } from '#infra/build/dev/stale-functions.ts';

const allBuilt = (): StaleFunctions => {
  const stale = new StaleFunctions(['create', 'find', 'delete']);
  stale.take(3);
  stale.bundled('create', ['lib/rules.ts', 'create.ts']);
  stale.bundled('find', ['lib/rules.ts', 'find.ts']);
  stale.bundled('delete', ['delete.ts']);
  return stale;
};

describe('the functions to bundle again', () => {
  it('are all of them at first, in parts', () => {
    const stale = new StaleFunctions(['create', 'find', 'delete']);
    expect([stale.take(2), stale.take(2), stale.take(2)]).toEqual([['create', 'find'], ['delete'], []]);
  });

  it('are those that a saved file goes into, and no others', () => {
    const stale = allBuilt();
    expect(stale.saved(['lib/rules.ts'])).toEqual(['create', 'find']);
    expect(stale.saved(['README.md'])).toEqual([]);
    expect(stale.saved(['find.ts'])).toEqual(['find']);
    expect(stale.take(9)).toEqual(['create', 'find']);
    expect(stale.take(9)).toEqual([]);
  });

  it('come first when somebody waits for them', () => {
    const stale = allBuilt();
    stale.saved(['lib/rules.ts']);
    stale.prefer(['find', 'delete']);
    expect(stale.take(9)).toEqual(['find', 'create']);
  });

  it('are those that were broken, whatever is saved', () => {
    const stale = allBuilt();
    stale.failed('delete');
    expect(stale.saved(['new.ts'])).toEqual(['delete']);
    stale.take(1);
    stale.bundled('delete', ['delete.ts', 'new.ts']);
    expect(stale.saved(['other.ts'])).toEqual([]);
  });

  it('are known as stale until they are taken', () => {
    const stale = allBuilt();
    stale.saved(['find.ts']);
    expect([stale.isStale('find'), stale.isStale('create')]).toEqual([true, false]);
    stale.take(1);
    expect(stale.isStale('find')).toBe(false);
  });
});
