import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { isGenuine, readToken, unsubscribeToken } from '#lib/privacy/unsubscribe-token.ts';
import { CHANNELS } from '#lib/domain/rights/consents.ts';
import { fc } from '#test/support/fast-check.ts';
import { SEED } from '#test/support/seed.ts';
import { keyText } from './rings.ts';

const BUSINESS = 'a1'.repeat(12);
const OTHER = 'b2'.repeat(12);
const CUSTOMER = 'c3'.repeat(12);
const LINK = { customerId: CUSTOMER, purpose: 'marketing', channel: 'email' } as const;

const ring = { current: 'k1', keys: { k1: keyText(1) }, pepper: keyText(9) };
const keysWith = (file: object, businessId = BUSINESS) =>
  businessKeys(parseKeyring(JSON.stringify(file)), businessId);
const keys = keysWith(ring);
const made = (by = keys, link: Parameters<typeof unsubscribeToken>[1] = LINK): string =>
  unsubscribeToken(by, link)!;

/** What a token may do, as the service finds out: by the keys of the business that it names. */
const mayDo = (text: string, file: object = ring) => {
  const token = readToken(text);
  if (token === null) return 'no token';
  return isGenuine(keysWith(file, token.claims.businessId), token) ? token.claims : 'not genuine';
};

const id = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const purpose = fc.stringMatching(/^[a-z][a-z0-9-]{1,39}$/);
const link = fc.record({ customerId: id, purpose, channel: fc.constantFrom(...CHANNELS) });

describe('the token of an unsubscribe link', () => {
  it('says for whom and for what it may be used, for every business, customer, purpose and channel', () => {
    const holds = (businessId: string, what: Parameters<typeof unsubscribeToken>[1]): void => {
      const text = made(keysWith(ring, businessId), what);
      expect(mayDo(text)).toEqual({ businessId, ...what });
      expect(text).toMatch(/^[\w-]{84,200}$/);
    };
    fc.assert(fc.property(id, link, holds), { seed: SEED });
  });

  // Links in messages that were sent are made in this way: if it changed, none of them would work any more.
  it('is version, ids and matter with their HMAC-SHA-256, by a key that HKDF makes of the pepper', () => {
    const salt = 'customer-management/v1';
    const key = hkdfSync('sha256', Buffer.alloc(32, 9), salt, `unsubscribe|${BUSINESS}`, 32);
    const signed = Buffer.concat([
      Buffer.from(`01${BUSINESS}${CUSTOMER}`, 'hex'),
      Buffer.from('marketing:email'),
    ]);
    const signature = createHmac('sha256', Buffer.from(key)).update(signed).digest();
    expect(made()).toBe(Buffer.concat([signed, signature]).toString('base64url'));
  });

  it('is the same after a rotation of the master keys', () => {
    const rotated = { ...ring, current: 'k2', keys: { k2: keyText(2) } };
    expect(made(keysWith(rotated))).toBe(made());
    expect(mayDo(made(), rotated)).toEqual({ businessId: BUSINESS, ...LINK });
  });

  it('holds no address and no name: the same ids make the same token', () => {
    expect(made()).toBe(made());
  });

  it('is not made without a pepper, and none is genuine then', () => {
    const { pepper: _, ...bare } = ring;
    expect(unsubscribeToken(keysWith(bare), LINK)).toBeNull();
    expect(mayDo(made(), bare)).toBe('not genuine');
    expect(mayDo(made(), { ...ring, pepper: keyText(8) })).toBe('not genuine');
  });

  it('is not genuine with any bit of it changed, nor cut anywhere', () => {
    const bytes = Buffer.from(made(), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(typeof mayDo(changed.toString('base64url'))).toBe('string');
    }
    for (let length = 0; length < made().length; length += 1)
      expect(typeof mayDo(made().slice(0, length))).toBe('string');
    for (let length = 0; length < bytes.length; length += 1)
      expect(typeof mayDo(bytes.subarray(0, length).toString('base64url'))).toBe('string');
  });

  it('has one spelling', () => {
    for (const text of [`${made()}A`, `${made()}=`, ` ${made()}`, made().replace(/.$/, '!')])
      expect(mayDo(text)).toBe('no token');
  });

  it('of another business does not become one of this by its id', () => {
    const bytes = Buffer.from(made(keysWith(ring, OTHER)), 'base64url');
    Buffer.from(BUSINESS, 'hex').copy(bytes, 1);
    expect(mayDo(bytes.toString('base64url'))).toBe('not genuine');
  });

  it('cannot be made of other tokens of the same customer', () => {
    const email = Buffer.from(made(), 'base64url');
    const sms = Buffer.from(made(keys, { ...LINK, channel: 'sms' }), 'base64url');
    const mixed = Buffer.concat([sms.subarray(0, -32), email.subarray(-32)]);
    expect(mayDo(mixed.toString('base64url'))).toBe('not genuine');
  });

  it('is nothing that a stranger makes up', () => {
    const holds = (text: string): void => {
      expect(['no token', 'not genuine']).toContain(mayDo(text));
    };
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), holds), { seed: SEED });
    const bytes = fc.uint8Array({ maxLength: 120 }).map((all) => Buffer.from(all).toString('base64url'));
    fc.assert(fc.property(bytes, holds), { seed: SEED });
    const shaped = fc
      .tuple(id, id, link, fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([business, customerId, { purpose: what, channel }, signature]) =>
        Buffer.concat([
          Buffer.of(1),
          Buffer.from(business + customerId, 'hex'),
          Buffer.from(`${what}:${channel}`),
          signature,
        ]).toString('base64url'),
      );
    fc.assert(fc.property(shaped, holds), { seed: SEED });
  });

  it('of another version, or about no known channel, is none', () => {
    const bytes = Buffer.from(made(), 'base64url');
    bytes[0] = 2;
    expect(mayDo(bytes.toString('base64url'))).toBe('no token');
    expect(mayDo(made(keys, { ...LINK, channel: 'fax' as 'sms' }))).toBe('no token');
  });
});
