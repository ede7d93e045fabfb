import { createPublicKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '#test/infra/local/fixtures/http-call.ts';
import { aSigningKey, byNobody, byRsa, bySecret, claimsOf, forgedToken } from '#test/support/forged-token.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

const PATH = '/api/v1/customer/settings';
const seconds = () => Math.floor(Date.now() / 1_000);

describe('a session, through the gateway', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveBundles('sessions', { maxEnvironmentsPerFunction: 1 });
  }, 120_000);
  afterAll(() => served.stop());

  const tokenWith = (claims: Readonly<Record<string, unknown>> = {}) =>
    served.gateway.token({ businessId: served.businessId, role: 'OWNER', claims });
  const statusFor = async (token: string) => (await served.request('GET', PATH, { token })).status;
  const requestsCounted = () => served.database.collection('rate_limit').countDocuments();
  const publishedKey = async () => {
    const answer = await fetch(`${served.gateway.url}/_local/.well-known/jwks.json`);
    return ((await answer.json()) as { keys: [{ kid: string; n: string; kty: string; e: string }] }).keys[0];
  };
  /** Asks with these very headers, byte for byte. */
  const askWith = (authorization: readonly string[], path = PATH) =>
    call(served.gateway.url, {
      path,
      headers: [
        ['x-business-tenant-id', served.businessId],
        ...authorization.map((value) => ['authorization', value] as const),
      ],
    });

  it('that was forged is refused, whoever signed it, before anything runs or is counted', async () => {
    const { kid, ...key } = await publishedKey();
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const claims = claimsOf(tokenWith());
    const environments = served.gateway.environments();
    const forged = [
      forgedToken({ alg: 'none', kid }, claims, byNobody),
      forgedToken({ alg: 'HS256', kid }, claims, bySecret(pem)),
      forgedToken({ alg: 'RS256', kid }, claims, byRsa(aSigningKey(kid).privateKey)),
      forgedToken({ alg: 'RS256', kid: 'another' }, claims, byRsa(aSigningKey('another').privateKey)),
      forgedToken({ alg: 'RS256' }, claims, byRsa(aSigningKey(kid).privateKey)),
    ];
    for (const token of forged) expect(await statusFor(token)).toBe(401);
    expect(served.gateway.environments()).toEqual(environments);
    expect(await requestsCounted()).toBe(0);
  });

  it('ends when its token does', async () => {
    expect(await statusFor(tokenWith())).toBe(200);
    const end = seconds() + 4;
    const token = tokenWith({ exp: end });
    expect(await statusFor(token)).toBe(200);
    await pause(end * 1_000 - Date.now());
    const answer = await served.request('GET', PATH, { token });
    expect([answer.status, answer.body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(answer.headers.get('www-authenticate')).toContain('the token has expired');
  });

  it.each([
    ['issued by a clock that runs a minute ahead', () => ({ iat: seconds() + 60 }), 401],
    ['that begins in a minute', () => ({ nbf: seconds() + 60 }), 401],
    ['that ended a second ago', () => ({ exp: seconds() - 1 }), 401],
    ['without an end', () => ({ exp: undefined }), 401],
    ['for another audience', () => ({ aud: 'another-service' }), 401],
    ['for several, among them us', () => ({ aud: ['another-service', 'customer-management'] }), 200],
    [
      'of a client of ours, without an audience',
      () => ({ aud: undefined, client_id: 'customer-management' }),
      200,
    ],
    [
      'of a client of ours, for another audience',
      () => ({ aud: 'other', client_id: 'customer-management' }),
      401,
    ],
    ['of another issuer', () => ({ iss: 'https://elsewhere.example.com/' }), 401],
  ])('%s', async (_, claims, status) => {
    expect(await statusFor(tokenWith(claims()))).toBe(status);
  });

  it.each([
    ['without a sub', undefined],
    ['with an empty sub', ''],
    ['with a sub of two lines', 'user-1\nuser-2'],
    ['with a sub of 256 characters', 'x'.repeat(256)],
    ['with a sub that looks like an operator', 'operator:alice'],
  ])('%s is verified, but nobody’s: 403', async (_, sub) => {
    const answer = await served.request('GET', PATH, { token: tokenWith({ sub }) });
    expect([answer.status, answer.body.code]).toEqual([403, 'unusable-subject']);
  });

  it('is carried by the header alone, not by the query', async () => {
    const token = tokenWith();
    for (const name of ['access_token', 'token', 'authorization', 'Authorization'])
      expect((await askWith([], `${PATH}?${name}=Bearer%20${token}`)).status).toBe(401);
  });

  it('is not read from a header that comes twice, whatever the two say', async () => {
    const good = `Bearer ${tokenWith()}`;
    for (const two of [
      [good, good],
      [good, 'Bearer x'],
      ['Bearer x', good],
      [good, ''],
    ])
      expect((await askWith(two)).status).toBe(401);
  });

  it('may be named bearer, Bearer or nothing', async () => {
    const token = tokenWith();
    for (const value of [`Bearer ${token}`, `bearer ${token}`, token])
      expect((await askWith([value])).status).toBe(200);
    for (const value of [`Basic ${token}`, `Bearer  ${token}`, 'Bearer', 'Bearer '])
      expect((await askWith([value])).status).toBe(401);
  });
});
