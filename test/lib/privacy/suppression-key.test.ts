import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { hasAddressFor, suppressionKey } from '#lib/privacy/suppression-key.ts';
import { keyText } from './rings.ts';

const BUSINESS = 'a'.repeat(24);
const ADDRESSES = { email: 'Anna@Example.com', phone: '+48 512 345 678' };
const MATTER = { purpose: 'marketing', channel: 'email' } as const;

const keysWith = (ring: object, businessId = BUSINESS) =>
  businessKeys(parseKeyring(JSON.stringify(ring)), businessId);
const ring = { current: 'k1', keys: { k1: keyText(1) }, pepper: keyText(9) };
const keys = keysWith(ring);
const hex = (...asked: Parameters<typeof suppressionKey>) => suppressionKey(...asked)?.toString('hex');

describe('the key of a kept refusal', () => {
  it('has 32 bytes and is the same for every spelling of the address', () => {
    expect(suppressionKey(keys, MATTER, ADDRESSES)).toHaveLength(32);
    const other = { email: ' anna@EXAMPLE.com', phone: '0048512345678' };
    expect(hex(keys, MATTER, other)).toBe(hex(keys, MATTER, ADDRESSES));
    const sms = { ...MATTER, channel: 'sms' } as const;
    expect(hex(keys, sms, { ...other, phone: '48512345678' })).toBe(hex(keys, sms, ADDRESSES));
  });

  it('is the same after a rotation of the master keys', () => {
    const rotated = keysWith({ ...ring, current: 'k2', keys: { k2: keyText(2) } });
    expect(hex(rotated, MATTER, ADDRESSES)).toBe(hex(keys, MATTER, ADDRESSES));
  });

  // Refusals are kept under this key for good: if it were made in another way, none of them would be found again.
  it('is the HMAC-SHA-256 of matter and address, by a key that HKDF makes of the pepper', () => {
    const salt = 'customer-management/v1';
    const key = hkdfSync('sha256', Buffer.alloc(32, 9), salt, `suppression|${BUSINESS}`, 32);
    const expected = createHmac('sha256', Buffer.from(key)).update('marketing:email|anna@example.com');
    expect(hex(keys, MATTER, ADDRESSES)).toBe(expected.digest('hex'));
  });

  it('is another for another pepper, business, purpose, channel or address', () => {
    const made = [
      hex(keys, MATTER, ADDRESSES),
      hex(keysWith({ ...ring, pepper: keyText(8) }), MATTER, ADDRESSES),
      hex(keysWith(ring, 'b'.repeat(24)), MATTER, ADDRESSES),
      hex(keys, { ...MATTER, purpose: 'feedback' }, ADDRESSES),
      hex(keys, { ...MATTER, channel: 'sms' }, ADDRESSES),
      hex(keys, { ...MATTER, channel: 'phone' }, ADDRESSES),
      hex(keys, MATTER, { ...ADDRESSES, email: 'ben@example.com' }),
    ];
    expect(made).not.toContain(undefined);
    expect(new Set(made).size).toBe(made.length);
  });

  it('is missing without an address, for channels whose addresses are kept elsewhere, and without a pepper', () => {
    expect(suppressionKey(keys, MATTER, { ...ADDRESSES, email: null })).toBeNull();
    expect(suppressionKey(keys, { ...MATTER, channel: 'sms' }, { ...ADDRESSES, phone: null })).toBeNull();
    expect(suppressionKey(keys, { ...MATTER, channel: 'push' }, ADDRESSES)).toBeNull();
    expect(suppressionKey(keys, { ...MATTER, channel: 'post' }, ADDRESSES)).toBeNull();
    expect(suppressionKey(keysWith({ current: 'k1', keys: ring.keys }), MATTER, ADDRESSES)).toBeNull();
  });
});

describe('whether a channel has an address', () => {
  it.each([
    ['email', { ...ADDRESSES, phone: null }, true],
    ['email', { ...ADDRESSES, email: null }, false],
    ['sms', { ...ADDRESSES, email: null }, true],
    ['phone', { ...ADDRESSES, phone: null }, false],
    ['post', ADDRESSES, false],
  ] as const)('%s with %j: %s', (channel, addresses, expected) => {
    expect(hasAddressFor({ ...MATTER, channel }, addresses)).toBe(expected);
  });
});
