import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
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

  it('may have a pepper', () => {
    const keys = { k1: keyText(1) };
    expect(parse({ current: 'k1', keys, pepper: keyText(9) }).pepper?.export()).toEqual(Buffer.alloc(32, 9));
    expect(parse({ current: 'k1', keys })).not.toHaveProperty('pepper');
    expect(() => parse({ current: 'k1', keys, pepper: 'x' })).toThrow(
      expect.objectContaining({
        code: 'bad-key',
        message: 'The keyring is not usable: the pepper must be the base64 of 32 bytes.',
      }),
    );
  });

  const NO_RING = ['no-keyring', /must be an object with "current", a key id, and "keys"/] as const;
  const NO_CURRENT = ['no-current-key', /"current" must be the id of one of the keys/] as const;
  const BAD_ID = ['bad-key-id', /a key id must have 1 to 16 characters/] as const;
  const BAD_KEY = ['bad-key', /key k1 must be the base64 of 32 bytes/] as const;
  const withKey = (key: unknown) => ({ current: 'k1', keys: { k1: key } });
  const ofBytes = (length: number) => Buffer.alloc(length, 1);

  it.each<[string, unknown, readonly [code: string, reason: RegExp]]>([
    ['no object', null, NO_RING],
    ['a list', [], NO_RING],
    ['no current', { keys: { k1: keyText(1) } }, NO_RING],
    ['no keys', { current: 'k1' }, NO_RING],
    ['keys in a list', { current: '0', keys: [keyText(1)] }, NO_RING],
    ['keys in a text', { current: '0', keys: 'k' }, NO_RING],
    ['current names no key', { current: 'k2', keys: { k1: keyText(1) } }, NO_CURRENT],
    ['current names what every object has', { current: 'constructor', keys: {} }, NO_CURRENT],
    ['an empty id', { current: '', keys: { '': keyText(1) } }, BAD_ID],
    ['an id of 17 characters', { current: 'k1', keys: { ['k'.repeat(17)]: keyText(1) } }, BAD_ID],
    ['an id in capitals', { current: 'K1', keys: { K1: keyText(1) } }, BAD_ID],
    ['a number', withKey(1), BAD_KEY],
    ['a key in a list', withKey([keyText(1)]), BAD_KEY],
    ['a key of 31 bytes', withKey(ofBytes(31).toString('base64')), BAD_KEY],
    ['a key of 33 bytes', withKey(ofBytes(33).toString('base64')), BAD_KEY],
    ['a key of 35 bytes, which ends as one of 32', withKey(ofBytes(35).toString('base64')), BAD_KEY],
    ['a key with something after it', withKey(`${keyText(1)}\n`), BAD_KEY],
    ['a key in hex', withKey(ofBytes(32).toString('hex')), BAD_KEY],
  ])('is refused with a reason: %s', (_, value, [code, reason]) => {
    const problem = { name: 'UnusableKeyring', code, message: expect.stringMatching(reason) };
    expect(() => parse(value)).toThrow(expect.objectContaining(problem));
  });

  it('is refused with a reason: no JSON', () => {
    const problem = { code: 'not-json', message: 'The keyring is not usable: it is not JSON.' };
    expect(() => parseKeyring('{')).toThrow(expect.objectContaining(problem));
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
    ['has another key in the place of one', aRing(1, 2), aRing(1, 3)],
  ])('takes its place when it %s', (_how, before, next) => {
    expect(nextKeyring(before, next)).toBe(next);
  });

  it('takes its place when it has a pepper, or has none any more', () => {
    const [without, with9] = [
      aRing(1),
      parse({ current: 'k1', keys: { k1: keyText(1) }, pepper: keyText(9) }),
    ];
    expect(nextKeyring(without, with9)).toBe(with9);
    expect(nextKeyring(with9, without)).toBe(without);
    const same = parse({ current: 'k1', keys: { k1: keyText(1) }, pepper: keyText(9) });
    expect(nextKeyring(with9, same)).toBe(with9);
  });

  it('is refused when it has another pepper', () => {
    const ring = (pepper: number) =>
      parse({ current: 'k1', keys: { k1: keyText(1) }, pepper: keyText(pepper) });
    expect(() => nextKeyring(ring(8), ring(9))).toThrow(
      expect.objectContaining({
        code: 'other-pepper',
        message:
          'The keyring is not usable: the pepper has changed. Put the old one back: kept refusals need it.',
      }),
    );
  });

  it('is refused when a key has other bytes under the same id, without showing them', () => {
    const other = parse({ current: 'k1', keys: { k1: keyText(9), k2: keyText(2) } });
    const refuse = () => nextKeyring(aRing(1), other);
    expect(refuse).toThrow(expect.objectContaining({ name: 'UnusableKeyring', code: 'other-key' }));
    expect(refuse).toThrow(
      /^The keyring is not usable: key k1 has changed\. Add a new key with a new id instead\.$/,
    );
  });
});
