import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  archiveObjectHash,
  newArchiveAttempt,
  newArchiveKey,
  openArchiveKey,
  openArchiveObject,
  sealArchiveKey,
  sealArchiveObject,
} from '#lib/privacy/archive-object.ts';
import { CannotOpen, openText } from '#lib/privacy/field-cipher.ts';
import { fc } from '#test/support/fast-check.ts';
import { keyringOf, keysIn } from '#test/support/keyrings.ts';
import { SEED } from '#test/support/seed.ts';

const BUSINESS = 'b'.repeat(24);
const CUSTOMER = 'c'.repeat(24);
const place = { businessId: BUSINESS, customerId: CUSTOMER, auditSeq: 7 };
const documents = [
  { place: 'customer', document: { note: 'canary', lines: 'one\ntwo' } },
  { place: 'consent', document: { granted: true } },
];
const shut = (open: () => unknown) => expect(open).toThrow(CannotOpen);

describe('an object of the archive', () => {
  it('opens as what it was made of, and shows nothing of it', () => {
    const key = newArchiveKey();
    const object = sealArchiveObject(key, place, documents);
    expect(openArchiveObject(key, place, object)).toEqual(documents);
    expect(object.toString('latin1')).not.toContain('canary');
    expect(object[0]).toBe(1);
  });

  it('opens as any documents', () => {
    const property = fc.property(
      fc.array(fc.record({ place: fc.string(), document: fc.string() })),
      (made) => {
        const key = newArchiveKey();
        expect(openArchiveObject(key, place, sealArchiveObject(key, place, made))).toEqual(made);
      },
    );
    fc.assert(property, { seed: SEED });
  });

  it('is another one each time, and each key is another', () => {
    const key = newArchiveKey();
    expect(key).toHaveLength(32);
    expect(newArchiveKey().equals(key)).toBe(false);
    const [one, other] = [1, 2].map(() => sealArchiveObject(key, place, documents));
    expect(one!.equals(other!)).toBe(false);
  });

  it('does not open when any byte was changed', () => {
    const key = newArchiveKey();
    const object = sealArchiveObject(key, place, documents);
    const property = fc.property(fc.nat(object.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const altered = Buffer.from(object);
      altered[at] = altered[at]! ^ bits;
      shut(() => openArchiveObject(key, place, altered));
    });
    fc.assert(property, { seed: SEED });
  });

  it.each([0, 1, 28, 29, 30])('does not open when only %i bytes are left', (length) => {
    const key = newArchiveKey();
    shut(() => openArchiveObject(key, place, sealArchiveObject(key, place, documents).subarray(0, length)));
  });

  it.each([
    ['another business', { businessId: 'd'.repeat(24) }],
    ['another customer', { customerId: 'd'.repeat(24) }],
    ['another number of the history', { auditSeq: 8 }],
  ])('does not open as that of %s', (_what, other) => {
    const key = newArchiveKey();
    const object = sealArchiveObject(key, place, documents);
    shut(() => openArchiveObject(key, { ...place, ...other }, object));
  });

  it('does not open with another key, or with none', () => {
    const object = sealArchiveObject(newArchiveKey(), place, documents);
    for (const key of [newArchiveKey(), randomBytes(16), Buffer.alloc(0)])
      shut(() => openArchiveObject(key, place, object));
  });

  it('tells first what it is: form, customer, number of the history, and how many documents of each place', () => {
    const key = newArchiveKey();
    const object = sealArchiveObject(key, place, documents);
    const decipher = createDecipheriv('aes-256-gcm', key, object.subarray(1, 13));
    decipher.setAAD(Buffer.from(`${BUSINESS}|${CUSTOMER}|7`));
    decipher.setAuthTag(object.subarray(13, 29));
    const packed = Buffer.concat([decipher.update(object.subarray(29)), decipher.final()]);
    const about = { v: 1, customerId: CUSTOMER, auditSeq: 7, counts: { customer: 1, consent: 1 } };
    const lines = [about, ...documents].map((line) => JSON.stringify(line)).join('\n');
    expect(gunzipSync(packed).toString()).toBe(lines);
  });

  it.each([
    'null',
    '1',
    '"text"',
    '{}',
    '{"document":{}}',
    '{"place":"customer"}',
    '{"place":1,"document":{}}',
  ])('does not open when it has %s for a document, even with the right key', (line) => {
    const [key, iv] = [newArchiveKey(), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(`${BUSINESS}|${CUSTOMER}|7`));
    const body = Buffer.concat([cipher.update(gzipSync(`{}\n${line}`)), cipher.final()]);
    shut(() => openArchiveObject(key, place, Buffer.concat([Buffer.of(1), iv, cipher.getAuthTag(), body])));
  });

  it('has a hash, by which another object is told from it: SHA-256 in base64', () => {
    expect(archiveObjectHash(Buffer.from('abc'))).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });

  it('has a name for each attempt to store it: 16 digits, each time others', () => {
    expect(newArchiveAttempt()).toMatch(/^[0-9a-f]{16}$/);
    expect(newArchiveAttempt()).not.toBe(newArchiveAttempt());
  });
});

describe('the key of an object', () => {
  const keys = keysIn(keyringOf('k1'), BUSINESS);

  it('opens for its customer and its business only', () => {
    const key = newArchiveKey();
    const sealed = sealArchiveKey(keys, CUSTOMER, key);
    expect(openArchiveKey(keys, CUSTOMER, sealed).equals(key)).toBe(true);
    shut(() => openArchiveKey(keys, 'd'.repeat(24), sealed));
    shut(() => openArchiveKey(keysIn(keyringOf('k1'), 'd'.repeat(24)), CUSTOMER, sealed));
    expect(sealed.includes(key)).toBe(false);
    expect(openText(keys, { collection: 'archive', id: CUSTOMER }, sealed)).toBe(key.toString('base64'));
  });
});
