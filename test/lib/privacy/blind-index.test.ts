import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { aRing, BUSINESS, hex, OTHER_BUSINESS, someKeys } from './rings.ts';

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

  it('of an email is equal for every case, width and spelling of its domain', () => {
    const spellings = ['Anna@Bücher.example', 'ANNA@XN--BCHER-KVA.EXAMPLE', 'ａｎｎａ@bu\u0308cher.example'];
    expect(new Set(spellings.flatMap((email) => hex(emailKeys(keys, email)))).size).toBe(1);
  });

  it('of a phone is equal for every formatting', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(' ', '-', '.', '/', '(', ')'), { minLength: 11, maxLength: 11 }),
        (marks) => {
          const formatted = Array.from('48512345678', (digit, index) => digit + (marks[index] ?? '')).join(
            '',
          );
          for (const spelling of [formatted, `+${formatted}`, `00${formatted}`]) {
            expect(hex(phoneKeys(keys, spelling))).toEqual(hex(phoneKeys(keys, '48512345678')));
          }
        },
      ),
    );
  });

  it('differs between businesses, fields and values', () => {
    const all = [BUSINESS, OTHER_BUSINESS]
      .map((id) => someKeys(id))
      .flatMap((of) => [
        ...emailKeys(of, '48512345678'),
        ...phoneKeys(of, '48512345678'),
        ...phoneKeys(of, '48512345679'),
      ]);
    expect(new Set(hex(all)).size).toBe(6);
  });
});
