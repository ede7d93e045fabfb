import { createSecretKey, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { businessKeys, type BusinessKeys, type KeyPurpose, type PepperedPurpose } from '#lib/privacy/business-keys.ts';
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

describe('a key made of the pepper', () => {
  const pepper = createSecretKey(Buffer.alloc(32, 9));
  const peppered = (businessId: string, purpose: PepperedPurpose, ring = { ...aRing(1), pepper }) =>
    businessKeys(ring, businessId).peppered(purpose)?.export().toString('hex');

  it('differs by business and purpose, and not by master key', () => {
    const all = [BUSINESS, OTHER_BUSINESS].flatMap((businessId) =>
      (['suppression', 'unsubscribe'] as const).map((purpose) => peppered(businessId, purpose)),
    );
    expect(new Set(all).size).toBe(4);
    expect(peppered(BUSINESS, 'suppression', { ...aRing(2), pepper })).toBe(all[0]);
    const salt = 'customer-management/v1';
    const expected = hkdfSync('sha256', Buffer.alloc(32, 9), salt, `unsubscribe|${BUSINESS}`, 32);
    expect(all[1]).toBe(Buffer.from(expected).toString('hex'));
  });

  it('is kept while warm', () => {
    const keys = businessKeys({ ...aRing(1), pepper }, BUSINESS);
    expect(keys.peppered('unsubscribe')).toBe(keys.peppered('unsubscribe'));
    expect(keys.peppered('unsubscribe')).not.toBe(keys.peppered('suppression'));
  });

  it('is not there without one', () => {
    expect(businessKeys(aRing(1), BUSINESS).peppered('unsubscribe')).toBeNull();
  });
});
