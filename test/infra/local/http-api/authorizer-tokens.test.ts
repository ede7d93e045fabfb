import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { jwtAuthorizer } from '#infra/local/http-api/authorizer.ts';
import {
  aSigningKey,
  byEllipticCurve,
  byNobody,
  byRsa,
  bySecret,
  forgedToken,
} from '#test/support/forged-token.ts';

const NOW = 1_800_000_000;
const ISSUER = 'https://issuer.example';
const AUDIENCE = ['panel', 'pos'];
const first = aSigningKey('first');
const second = aSigningKey('second');
const stranger = aSigningKey('first');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW * 1_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

const definition = { issuer: ISSUER, audience: AUDIENCE, header: 'authorization' };
const authorizing = (...keys: readonly object[]) => {
  const authorize = jwtAuthorizer(definition, { keys: keys as (typeof first.jwk)[] });
  return (token: string, prefix = 'Bearer ') => {
    const authorization = authorize({ headers: new Map([['authorization', `${prefix}${token}`]]) }, []);
    if ('claims' in authorization) return authorization.claims.claims;
    const [, challenge] = authorization.refusal.headers.find(([name]) => name === 'www-authenticate') ?? [];
    return `${String(authorization.refusal.status)} ${String(challenge?.match(/error_description="(.*)"/)?.[1])}`;
  };
};
const claims = (overrides: object = {}) => ({
  iss: ISSUER,
  aud: 'panel',
  sub: 'anna',
  iat: NOW,
  exp: NOW + 1,
  ...overrides,
});
const good = (overrides: object = {}, kid = 'first', key = first) =>
  forgedToken({ alg: 'RS256', kid }, claims(overrides), byRsa(key.privateKey));
const ACCEPTED = expect.objectContaining({ iss: ISSUER });
const INVALID = '401 the token is not valid';
const EXPIRED = '401 the token has expired';
const NOT_FOR_US = '401 the token does not have a valid audience';

describe('the time of a token, without any leeway', () => {
  it.each([
    ['ends in a second', { exp: NOW + 1 }, ACCEPTED],
    ['ends now', { exp: NOW }, EXPIRED],
    ['ended a second ago', { exp: NOW - 1 }, EXPIRED],
    ['never ends', { exp: undefined }, INVALID],
    ['ends at a text', { exp: String(NOW + 60) }, INVALID],
    ['begins now', { nbf: NOW }, ACCEPTED],
    ['begins in a second', { nbf: NOW + 1 }, INVALID],
    ['was issued a second ahead of our clock', { iat: NOW + 1 }, INVALID],
    ['says nothing of its beginning', { iat: undefined }, ACCEPTED],
  ])('one that %s', (_, times, expected) => {
    expect(authorizing(first.jwk)(good(times))).toEqual(expected);
  });
});

describe('whom a token is for', () => {
  it.each([
    ['one of our audiences', { aud: 'pos' }, ACCEPTED],
    ['a list that has one of ours', { aud: ['else', 'panel'] }, ACCEPTED],
    ['a list that has none of ours', { aud: ['else'] }, NOT_FOR_US],
    ['nobody', { aud: [] }, NOT_FOR_US],
    ['a longer name', { aud: 'panel2' }, NOT_FOR_US],
    ['another spelling', { aud: 'Panel' }, NOT_FOR_US],
    ['a client of ours, without an aud', { aud: undefined, client_id: 'panel' }, ACCEPTED],
    ['a client of ours, with another aud', { aud: 'else', client_id: 'panel' }, NOT_FOR_US],
    ['another client', { aud: undefined, client_id: 'else' }, NOT_FOR_US],
    ['neither', { aud: undefined }, NOT_FOR_US],
  ])('%s', (_, named, expected) => {
    expect(authorizing(first.jwk)(good(named))).toEqual(expected);
  });
});

describe('who issued it', () => {
  it.each([
    ['another', 'https://other.example'],
    ['ours with a slash', `${ISSUER}/`],
    ['ours in capitals', ISSUER.toUpperCase()],
    ['nobody', undefined],
    ['a list', [ISSUER]],
  ])('%s: refused', (_, iss) => {
    expect(authorizing(first.jwk)(good({ iss }))).toBe(INVALID);
  });
});

describe('the signature', () => {
  const pem = first.publicKey.export({ type: 'spki', format: 'pem' });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const curveJwk = { ...curve.publicKey.export({ format: 'jwk' }), use: 'sig', kid: 'curve' };

  it.each([
    ['none', { alg: 'none', kid: 'first' }, byNobody],
    ['None, in another spelling', { alg: 'None', kid: 'first' }, byNobody],
    ['the public key as a secret', { alg: 'HS256', kid: 'first' }, bySecret(pem)],
    [
      'the modulus as a secret',
      { alg: 'HS256', kid: 'first' },
      bySecret(Buffer.from(first.jwk.n, 'base64url')),
    ],
    [
      'no RSA but a curve, though its key is published',
      { alg: 'ES256', kid: 'curve' },
      byEllipticCurve(curve.privateKey),
    ],
    ['an algorithm of another name', { alg: 'RS257', kid: 'first' }, byRsa(first.privateKey)],
    ['a digest that it does not name', { alg: 'RS512', kid: 'first' }, byRsa(first.privateKey)],
    ['a stranger’s key under a known name', { alg: 'RS256', kid: 'first' }, byRsa(stranger.privateKey)],
    ['a known key under a strange name', { alg: 'RS256', kid: 'third' }, byRsa(first.privateKey)],
    ['a known key under another one’s name', { alg: 'RS256', kid: 'second' }, byRsa(first.privateKey)],
    ['a known key under no name', { alg: 'RS256' }, byRsa(first.privateKey)],
  ])('by %s: refused', (_, header, signer) => {
    const authorize = authorizing(first.jwk, second.jwk, curveJwk);
    expect(authorize(forgedToken(header, claims(), signer))).toBe(INVALID);
  });

  it.each([
    ['RS256', 'RSA-SHA256'],
    ['RS384', 'RSA-SHA384'],
    ['RS512', 'RSA-SHA512'],
  ])('by %s: accepted', (alg, digest) => {
    const token = forgedToken({ alg, kid: 'first' }, claims(), byRsa(first.privateKey, digest));
    expect(authorizing(first.jwk)(token)).toEqual(ACCEPTED);
  });

  it('may be by either key while the issuer changes them, and by the new one only afterwards', () => {
    const [old, fresh] = [good(), good({}, 'second', second)];
    expect([old, fresh].map((token) => authorizing(first.jwk, second.jwk)(token))).toEqual([
      ACCEPTED,
      ACCEPTED,
    ]);
    expect([old, fresh].map((token) => authorizing(second.jwk)(token))).toEqual([INVALID, ACCEPTED]);
  });
});

describe('the header', () => {
  it.each([
    ['Bearer', 'Bearer ', ACCEPTED],
    ['no word', '', ACCEPTED],
    ['bearer in small letters, as schemes have no case', 'bearer ', ACCEPTED],
    ['another scheme', 'Basic ', INVALID],
    ['two spaces', 'Bearer  ', INVALID],
    ['no space', 'Bearer', INVALID],
    ['the word twice', 'Bearer Bearer ', INVALID],
  ])('with %s before the token', (_, prefix, expected) => {
    expect(authorizing(first.jwk)(good(), prefix)).toEqual(expected);
  });

  it.each([
    ['two tokens', `${good()},${good()}`],
    ['a token and a half', `${good()}.x`],
    ['half a token', good().split('.').slice(0, 2).join('.')],
    ['nothing but the word', ''],
  ])('with %s: refused', (_, token) => {
    expect(authorizing(first.jwk)(token)).toBe(INVALID);
  });
});
