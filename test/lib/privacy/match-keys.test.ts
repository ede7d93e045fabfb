import { describe, expect, it } from '@jest/globals';
import type { Comparable } from '#lib/domain/duplicates/likeness.ts';
import { matchTexts } from '#lib/domain/duplicates/match-texts.ts';
import { keysOfText, matchKeys } from '#lib/privacy/match-keys.ts';
import { aRing, BUSINESS, hex, OTHER_BUSINESS, someKeys } from './rings.ts';

const ANNA: Comparable = { firstName: 'Anna', lastName: 'Nowak', email: 'a@wp.pl', phone: '48512345678' };
const texts = matchTexts(ANNA);

describe('the keys that duplicates are found by', () => {
  it('are 8 bytes for each text, with the current key', () => {
    const keys = matchKeys(someKeys(BUSINESS, aRing(2, 1)), ANNA);
    expect(keys.map(({ length }) => length)).toEqual(texts.map(() => 8));
    expect(new Set(hex(keys)).size).toBe(texts.length);
    expect(hex(keys)).toEqual(hex(matchKeys(someKeys(BUSINESS, aRing(2)), ANNA)));
    expect(hex(keys)).not.toEqual(hex(matchKeys(someKeys(BUSINESS, aRing(1, 2)), ANNA)));
  });

  it('are looked for with every key of the ring, the current one first', () => {
    const ring = someKeys(BUSINESS, aRing(2, 1));
    const [before, now] = [1, 2].map((key) => hex(matchKeys(someKeys(BUSINESS, aRing(key)), ANNA)));
    const wanted = texts.map((text) => hex(keysOfText(ring, text)));
    expect(wanted.map(([first]) => first).sort()).toEqual(now);
    expect(wanted.map(([_first, second]) => second).sort()).toEqual(before);
    expect(wanted.map(({ length }) => length)).toEqual(texts.map(() => 2));
  });

  it('are stored in the order of their bytes, each once', () => {
    const names = ['Anna Nowak', 'Bo Li', 'Zofia Wiśniewska-Kowalska', 'Ian Ian'];
    for (const name of names) {
      const [firstName = '', lastName = ''] = name.split(' ');
      const stored = hex(matchKeys(someKeys(), { ...ANNA, firstName, lastName }));
      expect(stored).toEqual([...new Set(stored)].sort());
    }
  });

  it('are others in another business', () => {
    const others = new Set(hex(matchKeys(someKeys(OTHER_BUSINESS), ANNA)));
    expect(hex(matchKeys(someKeys(), ANNA)).filter((key) => others.has(key))).toEqual([]);
  });
});
