import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  keyIdOf,
  needsResealing,
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

  it('names no key when its version is not known', () => {
    for (const version of [0, 3, 255]) {
      const sealed = sealField(keys, place, SECRET);
      sealed[0] = version;
      expect(refusalOf(() => keyIdOf(sealed))).toMatch(/cannot be opened/);
      expect(refusalOf(() => String(needsResealing(keys, sealed)))).toMatch(/cannot be opened/);
    }
  });

  it('is refused for any bytes that were never sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(refusalOf(() => openField(keys, place, bytes))).toMatch(/^A sealed value /);
      }),
    );
  });
});

const IV_AND_TAG_BYTES = 28;

describe('the length of a sealed value', () => {
  const lengthOf = (bytes: number): number =>
    sealField(keys, place, 'x'.repeat(bytes)).length - IV_AT - IV_AND_TAG_BYTES;

  it('is the next power of two from 16 to 1,024 bytes that has room for an end mark, then a multiple of 1,024', () => {
    const classes = [
      [0, 15, 16],
      [16, 31, 32],
      [32, 63, 64],
      [64, 127, 128],
      [128, 255, 256],
      [256, 511, 512],
      [512, 1_023, 1_024],
      [1_024, 2_047, 2_048],
      [2_048, 3_071, 3_072],
      [3_072, 4_095, 4_096],
      [14_336, 15_359, 15_360],
    ] as const;
    for (const [least, most, length] of classes)
      expect([least, lengthOf(least), most, lengthOf(most)]).toEqual([least, length, most, length]);
  });

  it('counts bytes, not letters', () => {
    expect(sealField(keys, place, 'ł'.repeat(8))).toHaveLength(IV_AT + IV_AND_TAG_BYTES + 32);
    expect(sealText(keys, { collection: 'merge', id: 'x' }, 'ł'.repeat(7))).toHaveLength(
      IV_AT + IV_AND_TAG_BYTES + 16,
    );
  });

  it.each(['', '\0', 'a\0\0', '\u0080', 'Ā\u0080\0', '\u0080'.repeat(20), 'à'.repeat(512)])(
    'takes nothing from %j and adds nothing to it',
    (text) => {
      expect(openField(keys, place, sealField(keys, place, text))).toBe(text);
    },
  );

  it('of a cursor is exact: no database holds it', () => {
    const cursorOf = (text: string) => Buffer.from(sealCursor(keys, 'by name', text), 'base64url');
    expect(cursorOf('x'.repeat(17)).length - cursorOf('').length).toBe(17);
  });
});

describe('a sealed value of the other version', () => {
  const sealedBefore = Buffer.from(
    '01026b311109225c821f940ddaac8642725320fb1bf5821f57cea05b7ca15eaaf70a9ebe4d5fccbc' +
      '2715eccdc99b53fc33abcb64',
    'hex',
  );

  it('does not open: the version is authenticated', () => {
    const now = sealField(keys, place, SECRET);
    now[0] = 1;
    expect(refusalOf(() => openField(keys, place, now))).toMatch(/cannot be opened/);
    const before = Buffer.from(sealedBefore);
    expect(refusalOf(() => openField(keys, place, before))).toMatch(/^opened: anna/);
    before[0] = 2;
    expect(refusalOf(() => openField(keys, place, before))).toMatch(/cannot be opened/);
  });

  it('must be sealed again when it is not padded or names another key than the current one', () => {
    const rotated = someKeys(BUSINESS, aRing(2, 1));
    const now = sealField(keys, place, SECRET);
    expect(
      [
        [keys, now],
        [rotated, now],
        [rotated, sealField(rotated, place, SECRET)],
        [keys, sealedBefore],
      ].map(([ring, sealed]) => needsResealing(ring as typeof keys, sealed as Buffer)),
    ).toEqual([false, true, false, true]);
  });
});

describe('what was sealed once', () => {
  const opened = 'anna@żółw.example';

  it('opens for ever with its padding: this field and this text are stored, and written down', () => {
    const field =
      '02026b3166106cf4c91e6b133e2e3a014e5c4697d1a900ba18ba328f7eaac5a0f7d5abcd33610d72' +
      '22acc97f23ced133809b2d51d8bf56df54a1e3a58e70c597';
    const text =
      '02026b31bbd069b189e771c81346a75705e8dcb3f0292683c6c90cfa9be2555bb57b6fe28cd5600d' +
      'aef64dfb6b7af345b2def2a4698489defeab9ca16951837b';
    expect(openField(keys, place, Buffer.from(field, 'hex'))).toBe(opened);
    expect(openText(keys, { collection: 'idempotency', id: 'x' }, Buffer.from(text, 'hex'))).toBe(opened);
  });

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
    expect(openCursor(keys, 'by name', sealCursor(keys, 'by name', ''))).toBe('');
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
