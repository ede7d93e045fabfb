import { describe, expect, it } from '@jest/globals';
import { useFixtureService } from '../fixtures/fixture-service.ts';

const service = useFixtureService();

describe('the JWT authorizer', () => {
  const member = { businessId: 'b1', role: 'OWNER' };
  const bearer = (token: string) => [['Authorization', `Bearer ${token}`]] as const;

  it('answers 401 when the identity source is missing', async () => {
    const answer = await service.ask({ path: '/private' });
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['no token at all', () => 'nonsense'],
    ['expired', () => service.gateway.token({ ...member, claims: { exp: 1 } })],
    ['without an expiry', () => service.gateway.token({ ...member, claims: { exp: undefined } })],
    [
      'not valid yet',
      () => service.gateway.token({ ...member, claims: { nbf: Math.floor(Date.now() / 1_000) + 600 } }),
    ],
    [
      'issued in the future',
      () => service.gateway.token({ ...member, claims: { iat: Math.floor(Date.now() / 1_000) + 600 } }),
    ],
    [
      'of another issuer',
      () => service.gateway.token({ ...member, claims: { iss: 'https://other.example' } }),
    ],
    ['for another audience', () => service.gateway.token({ ...member, claims: { aud: 'other' } })],
    [
      'with another signature',
      () =>
        service.gateway
          .token(member)
          .replace(/[^.]+$/, (signature) => signature.split('').reverse().join('')),
    ],
    [
      'with other claims',
      () =>
        service.gateway
          .token(member)
          .replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`),
    ],
    [
      'unsigned',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${service.gateway.token(member).split('.')[1] ?? ''}.`,
    ],
  ])('answers 401 to a token that is %s', async (_, token) => {
    expect(await service.ask({ path: '/private', headers: bearer(token()) })).toMatchObject({
      status: 401,
      text: '{"message":"Unauthorized"}',
      headers: { 'www-authenticate': expect.stringContaining('invalid_token') },
    });
  });

  it('refuses before the function runs', async () => {
    await service.ask({ path: '/private' });
    const before = service.gateway.environments();
    await service.ask({ path: '/private', headers: bearer('nonsense') });
    expect(service.gateway.environments()).toEqual(before);
  });

  it('takes a token with or without Bearer', async () => {
    const token = service.gateway.token(member);
    expect(await service.ask({ path: '/private', headers: [['authorization', token]] })).toMatchObject({
      status: 200,
    });
    expect(
      await service.ask({ path: '/private', headers: [['authorization', `bearer ${token}`]] }),
    ).toMatchObject({
      status: 200,
    });
  });

  it('hands every claim on as a string, a list as [a b]', async () => {
    const token = service.gateway.token({
      ...member,
      sub: 'anna',
      claims: { list: ['a', 1], yes: true, map: { a: [1, 2] } },
    });
    const event = await service.eventOf({ path: '/private', headers: bearer(token) });
    expect(event.requestContext.authorizer?.jwt.scopes).toBeNull();
    expect(event.requestContext.authorizer?.jwt.claims).toEqual({
      iss: 'https://issuer.example',
      aud: 'fixture',
      sub: 'anna',
      iat: expect.stringMatching(/^\d+$/),
      exp: expect.stringMatching(/^\d+$/),
      business_roles: 'b1:OWNER',
      list: '[a 1]',
      yes: 'true',
      map: 'map[a:[1 2]]',
    });
  });

  it('is absent from the event of a route without one', async () => {
    const event = await service.eventOf({ path: '/echo', headers: bearer(service.gateway.token(member)) });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  it('answers 403 when the route’s scope is missing', async () => {
    const token = service.gateway.token({ ...member, claims: { scope: 'customers:read' } });
    expect(await service.ask({ path: '/scoped', headers: bearer(token) })).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
    });
  });

  it('hands the scopes on where the route names one', async () => {
    const token = service.gateway.token({ ...member, claims: { scope: 'customers:read customers:write' } });
    const event = await service.eventOf({ path: '/scoped', headers: bearer(token) });
    expect(event.requestContext.authorizer?.jwt.scopes).toEqual(['customers:read', 'customers:write']);
  });
});
