import { describe, expect, it } from '@jest/globals';
import { inNoOrder, keyedHash, keyedHashBy, keyedHashes } from '#lib/privacy/keyed-hash.ts';
import { aRing, BUSINESS, hex, someKeys } from './rings.ts';

const keys = someKeys(BUSINESS, aRing(2, 1));

describe('the keyed hashes of a text', () => {
  it('are one for each key of the ring, the current one first', () => {
    const [now, before] = ['k2', 'k1'].map((keyId) => keyedHashBy(keys, { purpose: 'match', keyId }, 'x'));
    expect(keyedHashes(keys, 'match', 'x')).toEqual([now, before]);
    expect(keyedHash(keys, 'match', 'x')).toEqual(now);
    expect(now).toHaveLength(32);
  });
});

describe('hashes in no order', () => {
  it('are sorted by their bytes, not by a text of them, and each is there once', () => {
    const bytes = (...values: number[]) => Buffer.from(values);
    const given = [bytes(200), bytes(9, 1), bytes(10), bytes(9), bytes(200), bytes(127), bytes(9, 1)];
    expect(hex(inNoOrder(given))).toEqual(['09', '0901', '0a', '7f', 'c8']);
    expect(hex(given)).toEqual(['c8', '0901', '0a', '09', 'c8', '7f', '0901']);
  });

  it('are the same for every order that they are given in', () => {
    const given = keyedHashes(keys, 'match', 'x').concat(keyedHashes(keys, 'match', 'y'));
    expect(inNoOrder(given)).toHaveLength(4);
    expect(inNoOrder(given.toReversed())).toEqual(inNoOrder(given));
    expect(inNoOrder([])).toEqual([]);
  });
});
