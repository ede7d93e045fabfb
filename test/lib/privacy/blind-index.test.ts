import { describe, expect, it } from '@jest/globals';
import { askedPhoneKeys, emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { aRing, BUSINESS, hex, someKeys } from './rings.ts';

const keys = someKeys();

describe('a blind index', () => {
  it('is 32 bytes, one for each key of the ring, the current one first', () => {
    const rotated = someKeys(BUSINESS, aRing(2, 1));
    const [now = '', before = ''] = hex(emailKeys(rotated, 'anna@example.com'));
    expect(hex(emailKeys(keys, 'anna@example.com'))).toEqual([before]);
    expect(now).toHaveLength(64);
    expect(now).not.toBe(before);
    expect(phoneKeys(rotated, '48512345678')).toHaveLength(2);
  });

  it('differs between fields and values', () => {
    const all = [
      ...emailKeys(keys, '48512345678'),
      ...phoneKeys(keys, '48512345678'),
      ...phoneKeys(keys, '48512345679'),
    ];
    expect(new Set(hex(all)).size).toBe(3);
  });

  it('is the same for every way to write one email or phone', () => {
    expect(hex(emailKeys(keys, 'ＡNNA@Example.com'))).toEqual(hex(emailKeys(keys, 'anna@example.com')));
    expect(hex(phoneKeys(keys, '+52 1 222 123 4567'))).toEqual(hex(phoneKeys(keys, '522221234567')));
  });

  it('has the keys of every number that a question may mean, each once', () => {
    const rotated = someKeys(BUSINESS, aRing(2, 1));
    const numbers = ['48512345678', '+52 1 222 123 4567', '522221234567', '48512345678'];
    expect(hex(askedPhoneKeys(rotated, numbers))).toEqual(
      hex([...phoneKeys(rotated, '48512345678'), ...phoneKeys(rotated, '522221234567')]),
    );
    expect(askedPhoneKeys(rotated, [])).toEqual([]);
  });

  it('is the same in every process: these are stored, and written down', () => {
    expect(hex(emailKeys(keys, 'anna@example.com'))).toEqual([
      '11f28d8517b4fc1e745a2a5c0bd8ae890849df50991a294af7ff8e8eda71207d',
    ]);
    expect(hex(phoneKeys(keys, '48512345678'))).toEqual([
      'df0ba1f74c7225510c164cd7713abc3d5880fa46db4adef099604026766f21b7',
    ]);
  });
});
