import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  hasCurrentLayout,
  keysNeeded,
  keyUseAfterChange,
  keyUseAfterMerge,
  keyUseOf,
  keyUseWith,
} from '#lib/privacy/key-use.ts';
import { aRing, BUSINESS, someKeys } from './rings.ts';

const keys = (...numbers: number[]) => someKeys(BUSINESS, aRing(...numbers));

describe('the use of keys', () => {
  it('names the key that sealed, and those of the blind indexes in one order', () => {
    expect(keyUseOf(keys(2, 1))).toBe('k2|k1+k2|4');
    expect(keyUseOf(keys(1, 2))).toBe('k1|k1+k2|4');
    expect(keyUseOf(keys(3))).toBe('k3|k3|4');
  });

  it.each([
    ['k1|k1|4', keys(1, 2), 'k1|k1+k2|4'],
    ['k1|k1+k2|4', keys(2, 1), 'k1+k2|k1+k2|4'],
    ['k2|k1+k2|4', keys(1, 2), 'k1+k2|k1+k2|4'],
    ['k2|k1+k2|4', keys(2), 'k2|k2|4'],
    ['k1|k1|2', keys(1, 2), 'k1|k1+k2|2'],
    ['k1|k1', keys(2), 'k1+k2|k2'],
    ['k1+k2|k1+k2|4', keys(3, 2, 1), 'k1+k2+k3|k1+k2+k3|4'],
  ])('%s, changed by another ring, needs the keys of both, and keeps its layout', (before, ring, after) => {
    expect(keyUseAfterChange(before, ring)).toBe(after);
  });

  it.each([
    ['k1|k1|4', true],
    ['k1|k1|3', false],
    ['k1|k1|2', false],
    ['k1|k1', false],
    ['', false],
  ])('%s has the current layout: %s', (use, expected) => {
    expect(hasCurrentLayout(use)).toBe(expected);
  });

  it('stays unknown until everything is written again', () => {
    expect(keyUseAfterChange('', keys(2, 1))).toBe('');
    expect(keysNeeded('')).toBeNull();
  });

  it.each([
    [['k1|k1|3', 'k1|k1|3'], keys(1), 'k1|k1|3'],
    [['k2|k1+k2|3', 'k1|k1|3'], keys(2, 1), 'k1+k2|k1+k2|3'],
    [['k1|k1|3', 'k2|k1+k2|3'], keys(3, 1), 'k1+k2+k3|k1+k3|3'],
    [['k1|k1|3', 'k1|k1|2'], keys(1), 'k1|k1|2'],
    [['k1|k1|9', 'k1|k1|10'], keys(1), 'k1|k1|9'],
    [['k1|k1', 'k1|k1|3'], keys(1), 'k1|k1'],
    [['k1|k1|3', ''], keys(1), ''],
    [['', 'k1|k1|3'], keys(1), ''],
  ] as const)('%j, merged, need the keys of both and have the older layout', (both, ring, after) => {
    expect(keyUseAfterMerge(both, ring)).toBe(after);
  });

  it('forgets no key, however often it is changed by whichever ring', () => {
    const ring = fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 });
    fc.assert(
      fc.property(fc.array(ring, { minLength: 1, maxLength: 8 }), (rings) => {
        const [first = [1], ...others] = rings;
        const use = others.reduce(
          (before, numbers) => keyUseAfterChange(before, keys(...numbers)),
          keyUseOf(keys(...first)),
        );
        const currents = [...new Set(rings.map(([current]) => `k${String(current)}`))].sort();
        expect(keysNeeded(use)).toEqual(currents);
      }),
    );
  });

  it('takes nothing for a key that cannot be one', () => {
    expect(keyUseWith(['k1', 'k1|k2|4', 'a+b', ''], keys(2))).toBe('k1+k2|k2|4');
  });
});
