import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { type HistoryHead, isSealed, readSeal, sealHead, UNSEALED_KEYS } from '#lib/privacy/history-seal.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { CUSTOMER, keys } from './histories.ts';
import { aRing, BUSINESS, OTHER_BUSINESS, someKeys } from './rings.ts';

const HEAD: HistoryHead = {
  businessId: BUSINESS,
  customerId: CUSTOMER,
  seq: 3,
  hash: new Uint8Array(32).fill(1),
  state: 'active',
  version: 2,
};
const OTHERS: readonly HistoryHead[] = [
  { ...HEAD, businessId: OTHER_BUSINESS },
  { ...HEAD, customerId: OTHER_BUSINESS },
  { ...HEAD, seq: 2 },
  { ...HEAD, hash: new Uint8Array(32).fill(2) },
  { ...HEAD, state: 'archived' },
  { ...HEAD, version: 1 },
  { ...HEAD, version: null },
];

describe('the seal of a head', () => {
  it('is the seal of this head and of no other', () => {
    const seal = sealHead(keys, HEAD);
    expect(isSealed(keys, { ...HEAD, seal })).toBe(true);
    for (const other of OTHERS) expect(isSealed(keys, { ...other, seal })).toBe(false);
    expect(isSealed(someKeys(OTHER_BUSINESS, aRing(2, 1)), { ...HEAD, seal })).toBe(false);
  });

  it('is not the hash of an entry, nor anything else that has not its form', () => {
    for (const seal of [null, HEAD.hash, new Uint8Array(), new Uint8Array(33), new Uint8Array(40)])
      expect([readSeal(seal), isSealed(keys, { ...HEAD, seal })]).toEqual([null, false]);
  });

  it('shows any changed byte', () => {
    const seal = sealHead(keys, HEAD, ['k1']);
    fc.assert(
      fc.property(fc.nat({ max: seal.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const altered = seal.map((byte, index) => (index === at ? byte ^ bits : byte));
        let result: boolean | 'unknown';
        try {
          result = isSealed(keys, { ...HEAD, seal: altered });
        } catch (error) {
          expect(error).toBeInstanceOf(UnknownKey);
          result = 'unknown';
        }
        expect(result).not.toBe(true);
      }),
    );
  });

  it('names the keys of the history, its own first and once', () => {
    expect(readSeal(sealHead(keys, HEAD))?.keyIds).toEqual(['k2']);
    const seal = sealHead(keys, HEAD, ['k1', 'k2', 'k0']);
    expect(readSeal(seal)?.keyIds).toEqual(['k2', 'k1', 'k0']);
    expect(isSealed(keys, { ...HEAD, seal })).toBe(true);
    expect(readSeal(seal)?.mac).toHaveLength(32);
  });

  it('says so when it does not know the keys of the history, by no name of a key', () => {
    const seal = sealHead(keys, HEAD, [UNSEALED_KEYS]);
    expect(readSeal(seal)?.keyIds).toEqual(['k2', ':unsealed']);
    expect(isSealed(keys, { ...HEAD, seal })).toBe(true);
  });

  it('cannot be checked without its key', () => {
    const seal = sealHead(keys, HEAD);
    expect(() => isSealed(someKeys(BUSINESS, aRing(1)), { ...HEAD, seal })).toThrow(UnknownKey);
  });

  it('is made so for ever', () => {
    expect(sealHead(keys, HEAD, ['k1']).toString('latin1').slice(0, 5)).toBe('k2+k1');
    expect(readSeal(sealHead(keys, HEAD, ['k1']))?.mac.toString('hex')).toBe(
      '74df6b0cd2947b52c95768648f433d793b837c9f63be59b3e9334c440c69dcfa',
    );
  });
});
