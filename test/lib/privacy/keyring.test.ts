import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextKeyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { aRing, keyText } from './rings.ts';

const parse = (value: unknown) => parseKeyring(JSON.stringify(value));

describe('a keyring', () => {
  it('holds each key under its id, and which one is current', () => {
    const ring = parse({ current: 'k2', keys: { k1: keyText(1), k2: keyText(2) } });
    expect(ring.current).toBe('k2');
    expect([...ring.keys.keys()]).toEqual(['k1', 'k2']);
    expect(ring.keys.get('k1')?.export()).toEqual(Buffer.alloc(32, 1));
  });

  const bad: [string, unknown, RegExp][] = [
    ['no object', null, /must be an object/],
    ['a list', [], /must be an object/],
    ['no current', { keys: { k1: keyText(1) } }, /must be an object/],
    ['no keys', { current: 'k1' }, /must be an object/],
    ['keys in a list', { current: '0', keys: [keyText(1)] }, /must be an object/],
    ['current names no key', { current: 'k2', keys: { k1: keyText(1) } }, /"current" names none/],
    ['current names what every object has', { current: 'constructor', keys: {} }, /"current" names none/],
    ['an empty id', { current: '', keys: { '': keyText(1) } }, /key id/],
    ['an id of 17 characters', { current: 'k1', keys: { ['k'.repeat(17)]: keyText(1) } }, /key id/],
    ['an id in capitals', { current: 'K1', keys: { K1: keyText(1) } }, /key id/],
    ['a number', { current: 'k1', keys: { k1: 1 } }, /key k1 must be/],
    [
      'a key of 31 bytes',
      { current: 'k1', keys: { k1: Buffer.alloc(31, 1).toString('base64') } },
      /key k1 must be/,
    ],
    [
      'a key of 33 bytes',
      { current: 'k1', keys: { k1: Buffer.alloc(33, 1).toString('base64') } },
      /key k1 must be/,
    ],
    ['a key in hex', { current: 'k1', keys: { k1: Buffer.alloc(32, 1).toString('hex') } }, /key k1 must be/],
  ];
  it.each(bad)('is refused with a reason: %s', (_, value, reason) => {
    expect(() => parse(value)).toThrow(reason);
  });

  it('shows nothing of a key, whatever is wrong with it', () => {
    const secret = keyText(7);
    const broken = fc.tuple(fc.nat({ max: 90 }), fc.constantFrom('', 'x', '"', '}', '\\'));
    fc.assert(
      fc.property(broken, ([at, put]) => {
        const json = JSON.stringify({ current: 'k1', keys: { k1: secret } });
        try {
          parseKeyring(json.slice(0, at) + put + json.slice(at + 1));
        } catch (error) {
          expect(inspect(error, { depth: 9 })).not.toMatch(/BwcH/);
        }
      }),
    );
  });

  it('shows nothing of a key when it is printed', () => {
    expect(inspect(aRing(7), { depth: 9, showHidden: true }) + JSON.stringify(aRing(7))).not.toMatch(
      /BwcH|07.?07|7, 7/,
    );
  });
});

describe('a keyring that is read again', () => {
  it('is the one from before when nothing is different, so that derived keys stay', () => {
    const ring = aRing(1, 2);
    expect(nextKeyring(ring, aRing(1, 2))).toBe(ring);
    expect(nextKeyring(undefined, ring)).toBe(ring);
  });

  it.each([
    ['has one key more', aRing(1), aRing(1, 2)],
    ['has another current key', aRing(1, 2), aRing(2, 1)],
    ['has one key less', aRing(2, 1), aRing(2)],
  ])('takes its place when it %s', (_how, before, next) => {
    expect(nextKeyring(before, next)).toBe(next);
  });

  it('is refused when a key has other bytes under the same id, without showing them', () => {
    const other = parse({ current: 'k1', keys: { k1: keyText(9), k2: keyText(2) } });
    const refuse = () => nextKeyring(aRing(1), other);
    expect(refuse).toThrow(expect.objectContaining({ name: 'UnusableKeyring', code: 'other-key' }));
    expect(refuse).toThrow(/^The keyring is not usable: key k1 is not the key it was\.$/);
  });
});
