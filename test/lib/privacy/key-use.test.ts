import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keysNeeded, keyUseAfterChange, keyUseOf, keyUseWith } from '#lib/privacy/key-use.ts';
import { aRing, BUSINESS, someKeys } from './rings.ts';

const keys = (...numbers: number[]) => someKeys(BUSINESS, aRing(...numbers));

describe('the use of keys', () => {
  it('names the key that sealed, and those of the blind indexes in one order', () => {
    expect(keyUseOf(keys(2, 1))).toBe('k2|k1+k2|2');
    expect(keyUseOf(keys(1, 2))).toBe('k1|k1+k2|2');
    expect(keyUseOf(keys(3))).toBe('k3|k3|2');
  });

  it.each([
    ['k1|k1|2', keys(1, 2), 'k1|k1+k2|2'],
    ['k1|k1+k2|2', keys(2, 1), 'k1+k2|k1+k2|2'],
    ['k2|k1+k2|2', keys(1, 2), 'k1+k2|k1+k2|2'],
    ['k2|k1+k2|2', keys(2), 'k2|k2|2'],
    ['k1+k2|k1+k2|2', keys(3, 2, 1), 'k1+k2+k3|k1+k2+k3|2'],
  ])('%s, changed by another ring, needs the keys of both', (before, ring, after) => {
    expect(keyUseAfterChange(before, ring)).toBe(after);
  });

  it('stays unknown until everything is written anew', () => {
    expect(keyUseAfterChange('', keys(2, 1))).toBe('');
    expect(keysNeeded('')).toBeNull();
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
    expect(keyUseWith(['k1', 'k1|k2|2', 'a+b', ''], keys(2))).toBe('k1+k2|k2|2');
  });
});
