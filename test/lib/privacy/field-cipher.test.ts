import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  keyIdOf,
  openCursor,
  openField,
  openText,
  sealCursor,
  sealField,
  sealText,
} from '#lib/privacy/field-cipher.ts';
import { aRing, BUSINESS, OTHER_BUSINESS, someKeys } from './rings.ts';

const keys = someKeys();
const place = { customerId: '6f1d7f3a9c3b4e2d8a6c1b0c', field: 'email' };
/** After version, length of the key id and `k1`. */
const IV_AT = 4;
const IV_BYTES = 12;
const SECRET = 'anna.kowalska@example.com';
/** What stands in for a value that does not open: an error that shows none of it. */
const refusalOf = (open: () => string): string => {
  try {
    return `opened: ${open()}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
};

describe('a sealed field', () => {
  it('opens where it was sealed, whatever it holds', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 5_000 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(texts, (text) => {
        expect(openField(keys, place, sealField(keys, place, text))).toBe(text);
      }),
    );
  });

  it('is another one each time, and holds nothing in clear', () => {
    const sealed = Array.from({ length: 100 }, () => sealField(keys, place, SECRET).toString('latin1'));
    expect(new Set(sealed).size).toBe(100);
    expect(sealed.join('')).not.toContain('anna');
  });

  it('has an iv that no other has', () => {
    const count = 1_000;
    const ivs = Array.from({ length: count }, () =>
      sealField(keys, place, SECRET).toString('hex', IV_AT, IV_AT + IV_BYTES),
    );
    expect(new Set(ivs).size).toBe(count);
  });

  it('opens from a plain Uint8Array and from the middle of a buffer', () => {
    const sealed = sealField(keys, place, SECRET);
    const inside = Buffer.concat([Buffer.of(9, 9), sealed, Buffer.of(9)]).subarray(2, 2 + sealed.length);
    expect(openField(keys, place, Uint8Array.from(sealed))).toBe(SECRET);
    expect(openField(keys, place, inside)).toBe(SECRET);
  });

  it('opens after a rotation, with the key it names, and new ones get the new key', () => {
    const sealed = sealField(keys, place, SECRET);
    const rotated = someKeys(BUSINESS, aRing(2, 1));
    expect(openField(rotated, place, sealed)).toBe(SECRET);
    expect([keyIdOf(sealed), keyIdOf(sealField(rotated, place, SECRET))]).toEqual(['k1', 'k2']);
  });

  it('does not open with a ring that has lost its key, and says so', () => {
    const sealed = sealField(keys, place, SECRET);
    expect(refusalOf(() => openField(someKeys(BUSINESS, aRing(2)), place, sealed))).toMatch(
      /not in the keyring/,
    );
  });

  it('does not open for another business, customer, field or purpose', () => {
    const sealed = sealField(keys, place, SECRET);
    const { customerId, field } = place;
    const moved = [
      () => openField(someKeys(OTHER_BUSINESS), place, sealed),
      () => openField(keys, { ...place, customerId: OTHER_BUSINESS }, sealed),
      () => openField(keys, { ...place, field: 'phone' }, sealed),
      () => openText(keys, { collection: customerId, id: field }, sealed),
      () => openField(someKeys(BUSINESS, aRing(1, 2)), place, sealed.fill(2, 3, 4)),
    ];
    for (const open of moved) expect(refusalOf(open)).toMatch(/cannot be opened|not in the keyring/);
  });

  it('does not open when any bit of any byte was changed', () => {
    const sealed = sealField(keys, place, SECRET);
    const changed = [...sealed.keys()].flatMap((index) =>
      [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => {
        const copy = Buffer.from(sealed);
        copy.writeUInt8(copy.readUInt8(index) ^ bit, index);
        return copy;
      }),
    );
    expect(changed).toHaveLength(sealed.length * 8);
    for (const copy of changed) {
      expect(refusalOf(() => openField(keys, place, copy))).toMatch(/^A sealed value /);
    }
  });

  it('does not open when it was cut or grew', () => {
    const sealed = sealField(keys, place, '');
    for (const length of sealed.keys()) {
      expect(refusalOf(() => openField(keys, place, sealed.subarray(0, length)))).toMatch(/^A sealed value /);
    }
    expect(refusalOf(() => openField(keys, place, Buffer.concat([sealed, Buffer.of(0)])))).toMatch(
      /cannot be/,
    );
  });

  it('is refused by an error that tells by its name what happened', () => {
    expect(() => openField(keys, place, Buffer.of())).toThrow(
      expect.objectContaining({ name: 'CannotOpen' }),
    );
  });

  it('is refused for any bytes that were never sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(refusalOf(() => openField(keys, place, bytes))).toMatch(/^A sealed value /);
      }),
    );
  });
});

describe('what was sealed once', () => {
  const opened = 'anna@żółw.example';

  it('opens for ever: this field is stored, and written down', () => {
    const sealed =
      '01026b311109225c821f940ddaac8642725320fb1bf5821f57cea05b7ca15eaaf70a9ebe4d5fccbc' +
      '2715eccdc99b53fc33abcb64';
    expect(openField(keys, place, Buffer.from(sealed, 'hex'))).toBe(opened);
  });

  it('opens where an older version of the service sealed it: this cursor is in somebody’s hands', () => {
    const cursor = 'AQJrMcVca0fzmer2Ul5koag7iTqEuJCq2ie5wf25mFxo6FEYOnwyeJ1I3UazeKzzDC4WkA';
    expect(openCursor(keys, 'by name', cursor)).toBe(opened);
  });

  it('opens for ever: this text is stored, and written down', () => {
    const sealed =
      '01026b3162fdd562358d0630fd819f93c56117ec6c138073a44be53f6514c7a86a87ff1d99752b53' +
      'e91cef2d9f6d82aa249d716d';
    expect(openText(keys, { collection: 'idempotency', id: 'x' }, Buffer.from(sealed, 'hex'))).toBe(opened);
  });
});

describe('a sealed text', () => {
  it('opens in its collection under its id only', () => {
    const where = { collection: 'idempotency', id: 'x' };
    const sealed = sealText(keys, where, SECRET);
    expect(openText(keys, where, sealed)).toBe(SECRET);
    expect(refusalOf(() => openText(keys, { ...where, id: 'y' }, sealed))).toMatch(/cannot be opened/);
    expect(refusalOf(() => openText(keys, { ...where, collection: 'outbox' }, sealed))).toMatch(
      /cannot be opened/,
    );
    expect(refusalOf(() => openText(someKeys(OTHER_BUSINESS), where, sealed))).toMatch(/cannot be opened/);
  });
});

describe('a sealed cursor', () => {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  it('opens in its list only, and for its business', () => {
    const cursor = sealCursor(keys, 'by name', SECRET);
    expect(openCursor(keys, 'by name', cursor)).toBe(SECRET);
    expect(refusalOf(() => openCursor(keys, 'by id', cursor))).toMatch(/cannot be opened/);
    expect(refusalOf(() => openCursor(someKeys(OTHER_BUSINESS), 'by name', cursor))).toMatch(/cannot be/);
  });

  it('stands in a URL as it is and shows nothing', () => {
    const cursor = sealCursor(keys, 'by name', SECRET);
    expect(encodeURIComponent(cursor)).toBe(cursor);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('anna');
  });

  it('has one spelling: it opens with no other character anywhere, and none more or less', () => {
    for (const text of ['', 'a', 'ab']) {
      const cursor = sealCursor(keys, 'by name', text);
      const others = (letter: string, index: number) =>
        ALPHABET.replace(letter, '').slice(0, index === cursor.length - 1 ? ALPHABET.length : 2);
      const altered = Array.from(cursor).flatMap((letter, index) =>
        Array.from(
          others(letter, index),
          (other) => cursor.slice(0, index) + other + cursor.slice(index + 1),
        ),
      );
      for (const other of [...altered, `${cursor}A`, `${cursor}=`, `${cursor} `, cursor.slice(0, -1), '']) {
        expect(refusalOf(() => openCursor(keys, 'by name', other))).toMatch(/^A sealed value /);
      }
    }
  });
});
