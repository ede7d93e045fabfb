import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  canonicalJson,
  idempotencyIds,
  isPayloadHash,
  payloadHash,
  textDigest,
} from '#lib/privacy/payload-hash.ts';
import { aRing, BUSINESS, hex, OTHER_BUSINESS, someKeys } from './rings.ts';

const keys = someKeys();
const rotated = someKeys(BUSINESS, aRing(2, 1));

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
};

describe('the canonical text of a JSON value', () => {
  it('is one for every order of keys, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps the order of lists, leaves out what is not there and writes dates as JSON does', () => {
    const value = { b: [2, 1], a: undefined, at: new Date(0), _: { z: null, y: 'é' } };
    expect(canonicalJson(value)).toBe('{"_":{"y":"é","z":null},"at":"1970-01-01T00:00:00.000Z","b":[2,1]}');
    expect(canonicalJson(undefined)).toBe('null');
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1},"a":2}'))).toBe('{"__proto__":{"b":1},"a":2}');
  });
});

describe('the digest of a text', () => {
  it('is its SHA-256 in base64', () => {
    expect(textDigest('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });
});

describe('the hash of a payload', () => {
  it('is the same in every process: this one is stored, and written down', () => {
    expect(hex([payloadHash(keys, 'text')])).toEqual([
      '82cba055604f97a6f21c060083c623fa84d2328521af32e2b85b1c870ecd1575',
    ]);
  });

  it('knows its payload again, also when the current key is another by now', () => {
    const hash = payloadHash(keys, 'text');
    expect([isPayloadHash(keys, 'text', hash), isPayloadHash(rotated, 'text', hash)]).toEqual([true, true]);
    expect(isPayloadHash(keys, 'text', payloadHash(rotated, 'text'))).toBe(false);
  });

  it('is no other payload’s, no other business’s, and not a part of one', () => {
    const hash = payloadHash(keys, 'text');
    expect(hash).toHaveLength(32);
    expect(isPayloadHash(keys, 'Text', hash)).toBe(false);
    expect(isPayloadHash(someKeys(OTHER_BUSINESS), 'text', hash)).toBe(false);
    expect(isPayloadHash(keys, 'text', hash.subarray(0, 31))).toBe(false);
    expect(isPayloadHash(keys, 'text', new Uint8Array())).toBe(false);
  });
});

describe('the id of an idempotency key', () => {
  const scope = { route: 'create-customer', actorId: 'user-1', key: 'k' };

  it('is one for each key of the ring, the current one first', () => {
    const [now, before, ...others] = hex(idempotencyIds(rotated, scope));
    expect(hex(idempotencyIds(keys, scope))).toEqual([before]);
    expect([now === before, others]).toEqual([false, []]);
  });

  it('is the same in every process: this one is stored, and written down', () => {
    expect(hex(idempotencyIds(keys, scope))).toEqual([
      '648c54d2dc4638e6bae37a6958540790346cedbde41a4c8508d8cf3af72fe27f',
    ]);
  });

  it('differs by business, route, caller and key, however they are cut', () => {
    const scopes = [
      scope,
      { ...scope, route: 'restore-customer' },
      { ...scope, actorId: 'user-2' },
      { ...scope, key: 'l' },
      { ...scope, actorId: 'user-1k', key: '' },
      { ...scope, route: 'create-customeruser-1', actorId: '' },
      { ...scope, actorId: 'user-1","k', key: '' },
    ];
    const ids = [
      ...scopes.flatMap((each) => idempotencyIds(keys, each)),
      ...idempotencyIds(someKeys(OTHER_BUSINESS), scope),
    ];
    expect(new Set(hex(ids)).size).toBe(scopes.length + 1);
  });
});
