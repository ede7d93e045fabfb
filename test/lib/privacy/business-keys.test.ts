import { describe, expect, it } from '@jest/globals';
import { businessKeys, type BusinessKeys, type KeyPurpose } from '#lib/privacy/business-keys.ts';
import { aRing, BUSINESS, OTHER_BUSINESS } from './rings.ts';

const PURPOSES: readonly KeyPurpose[] = [
  'field',
  'text',
  'email-index',
  'phone-index',
  'search-name',
  'search-email',
  'search-phone',
  'audit',
  'payload',
  'idempotency',
  'cursor',
];

const bytesOf = (keys: BusinessKeys, purpose: KeyPurpose, keyId: string): string =>
  keys.key(purpose, keyId).export().toString('hex');

describe('the keys of a business', () => {
  it('differ by business, purpose and master key', () => {
    const ring = aRing(1, 2);
    const all = [BUSINESS, OTHER_BUSINESS].flatMap((businessId) =>
      PURPOSES.flatMap((purpose) =>
        ['k1', 'k2'].map((keyId) => bytesOf(businessKeys(ring, businessId), purpose, keyId)),
      ),
    );
    expect(new Set(all).size).toBe(2 * PURPOSES.length * 2);
    expect(all.every((key) => key.length === 64)).toBe(true);
  });

  it('are the same in every process: this one is written down', () => {
    expect(bytesOf(businessKeys(aRing(1), BUSINESS), 'field', 'k1')).toBe(
      '61f5e7e25da99971e69edbd40b91e872d15f248a8711a030c243715bc3f5c5e7',
    );
  });

  it('are kept while warm, one ring apart from another', () => {
    const ring = aRing(1);
    const keys = businessKeys(ring, BUSINESS);
    expect(businessKeys(ring, BUSINESS)).toBe(keys);
    expect(keys.key('audit', 'k1')).toBe(keys.key('audit', 'k1'));
    const rotated = businessKeys(aRing(2, 1), BUSINESS);
    expect(rotated).not.toBe(keys);
    expect(rotated.keyIds).toEqual(['k2', 'k1']);
    expect(bytesOf(rotated, 'audit', 'k1')).toBe(bytesOf(keys, 'audit', 'k1'));
  });

  it('of the 500 businesses last asked for stay, and the others are the same when asked for again', () => {
    const ring = aRing(1);
    const first = businessKeys(ring, BUSINESS);
    const second = businessKeys(ring, OTHER_BUSINESS);
    const others = Array.from({ length: 498 }, (_, other) => businessKeys(ring, String(other)));
    expect(businessKeys(ring, '0')).toBe(others[0]);
    expect(businessKeys(ring, BUSINESS)).toBe(first);
    businessKeys(ring, 'one more');
    expect(businessKeys(ring, BUSINESS)).toBe(first);
    const again = businessKeys(ring, OTHER_BUSINESS);
    expect(again).not.toBe(second);
    expect(bytesOf(again, 'field', 'k1')).toBe(bytesOf(second, 'field', 'k1'));
  });

  it('of a master key that the ring does not have are refused', () => {
    const keys = businessKeys(aRing(1), BUSINESS);
    expect([keys.has('k1'), keys.has('k2')]).toEqual([true, false]);
    expect(() => keys.key('field', 'k2')).toThrow(
      expect.objectContaining({
        name: 'UnknownKey',
        keyId: 'k2',
        message: expect.stringContaining('not in the keyring'),
      }),
    );
  });
});
