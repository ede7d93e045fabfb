import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDoor } from '#infra/local/door.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { newSigningKey } from '#infra/local/local-issuer.ts';
import { fixtureAssembly } from './fixtures/fixture-assembly.ts';
import { type Answer, call } from './fixtures/http-call.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ assembly: await fixtureAssembly(), health: { engine: 'none' } });
});
afterAll(() => gateway.stop());

const get = (path: string): Promise<Answer> => call(gateway.url, { path });
const post = (path: string, body?: unknown): Promise<Answer> =>
  call(gateway.url, { method: 'POST', path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const member = { businessId: '64c0ffee64c0ffee64c0ffee', role: 'OWNER' };

describe('GET /_local/health', () => {
  it('answers 200 once calls are served', async () => {
    expect(await get('/_local/health')).toMatchObject({ status: 200, text: '{"engine":"none"}' });
  });

  it('answers 503 with the current start-up step before that', async () => {
    const door = await openDoor(0);
    door.report('starting the database');
    const early = await call(door.url, { path: '/_local/health' });
    expect(early).toMatchObject({ status: 503, text: '{"doing":"starting the database"}' });
    const late = await startGateway({ assembly: await fixtureAssembly(), at: door });
    expect(await call(door.url, { path: '/_local/health' })).toMatchObject({ status: 200 });
    await late.stop();
  });

  it('answers 503 while beforeServing runs', async () => {
    const door = await openDoor(0);
    const statuses: number[] = [];
    const late = await startGateway({
      assembly: await fixtureAssembly(),
      at: door,
      beforeServing: async (invoke) => {
        expect(await invoke('echo', { early: true })).toMatchObject({ event: { early: true } });
        statuses.push((await call(door.url, { path: '/echo' })).status);
      },
    });
    expect(statuses).toEqual([503]);
    await late.stop();
  });
});

describe('GET /_local/token', () => {
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;

  it('answers nothing but a token, for the owner of the demo business', async () => {
    const { text, headers } = await get('/_local/token');
    expect(headers['content-type']).toBe('text/plain');
    expect(claimsOf(text)).toMatchObject({ business_roles: '64c0ffee64c0ffee64c0ffee:OWNER' });
    const asked = { path: '/private', headers: [['authorization', `Bearer ${text.trim()}`]] as const };
    expect(await call(gateway.url, asked)).toMatchObject({ status: 200 });
  });

  it('takes a business, a role and a subject', async () => {
    const { text } = await get('/_local/token?businessId=b2&role=SUPPORT&sub=anna');
    expect(claimsOf(text)).toMatchObject({ business_roles: 'b2:SUPPORT', sub: 'anna' });
  });

  it('gives tokens that outlive the gateway when it is given a signing key', async () => {
    const options = { assembly: await fixtureAssembly(), signingKey: await newSigningKey() };
    const first = await startGateway(options);
    const { text } = await call(first.url, { path: '/_local/token' });
    await first.stop();
    const second = await startGateway(options);
    const asked = { path: '/private', headers: [['authorization', `Bearer ${text.trim()}`]] as const };
    expect(await call(second.url, asked)).toMatchObject({ status: 200 });
    await second.stop();
  });
});

describe('POST /_local/token', () => {
  it('signs a token that the authorizer accepts', async () => {
    const { token } = (await post('/_local/token', { ...member, sub: 'anna' })).json() as { token: string };
    const answer = await call(gateway.url, {
      path: '/private',
      headers: [['authorization', `Bearer ${token}`]],
    });
    expect(answer.json()).toMatchObject({
      event: {
        requestContext: {
          authorizer: { jwt: { claims: { sub: 'anna', business_roles: '64c0ffee64c0ffee64c0ffee:OWNER' } } },
        },
      },
    });
  });

  it('accepts several memberships', async () => {
    const memberships = [member, { businessId: 'b2', role: 'SUPPORT' }];
    const { token } = (await post('/_local/token', { memberships })).json() as { token: string };
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ business_roles: '64c0ffee64c0ffee64c0ffee:OWNER b2:SUPPORT' });
  });

  it.each([{}, { businessId: 7, role: 'OWNER' }, { businessId: 'b' }, []])(
    'answers 400 to %j',
    async (body) => {
      expect(await post('/_local/token', body)).toMatchObject({ status: 400 });
    },
  );

  it('answers 400 to a body that is not JSON', async () => {
    expect(await call(gateway.url, { method: 'POST', path: '/_local/token', body: '{' })).toMatchObject({
      status: 400,
    });
  });
});

describe('the local issuer', () => {
  it('publishes its public key, and nothing of the private one', async () => {
    const answer = await get('/_local/.well-known/jwks.json');
    expect(answer.json()).toEqual({
      keys: [
        { kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
      ],
    });
  });

  it('can be discovered', async () => {
    expect((await get('/_local/.well-known/openid-configuration')).json()).toMatchObject({
      issuer: 'https://issuer.example',
      jwks_uri: 'https://issuer.example/.well-known/jwks.json',
    });
  });
});

describe('schedules', () => {
  it('are listed', async () => {
    expect((await get('/_local/schedules')).json()).toEqual([
      {
        name: 'nightly',
        expression: 'cron(0 3 * * ? *)',
        state: 'ENABLED',
        function: expect.stringMatching(/^echo/),
      },
    ]);
  });

  it('run by name with the schedule’s input', async () => {
    const answer = await post('/_local/schedules/nightly/run');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ event: { dryRun: true } });
  });

  it('run with another input', async () => {
    expect((await post('/_local/schedules/nightly/run', { dryRun: false })).json()).toMatchObject({
      event: { dryRun: false },
    });
    expect(await gateway.runSchedule('nightly', { by: 'test' })).toMatchObject({ event: { by: 'test' } });
  });

  it('are a 404 when unknown', async () => {
    expect(await post('/_local/schedules/unknown/run')).toMatchObject({ status: 404 });
    expect(await post('/_local/schedules/%E0%A4%A/run')).toMatchObject({ status: 404 });
    await expect(gateway.runSchedule('unknown')).rejects.toThrow('There is no schedule unknown');
  });
});

describe('what pages of other sites send to /_local', () => {
  const ENDPOINTS = [
    ['GET', '/_local/health'],
    ['GET', '/_local/.well-known/jwks.json'],
    ['GET', '/_local/.well-known/openid-configuration'],
    ['GET', '/_local/token'],
    ['POST', '/_local/token'],
    ['GET', '/_local/schedules'],
    ['POST', '/_local/schedules/nightly/run'],
    ['OPTIONS', '/_local/token'],
    ['GET', '/_local/not-there-yet'],
    ['GET', '/_local'],
  ] as const;
  const ask = (method: string, path: string, headers: [string, string][]) =>
    call(gateway.url, {
      method,
      path,
      headers,
      ...(method === 'POST' && { body: path.endsWith('token') ? JSON.stringify(member) : '{}' }),
    });
  const port = (): string => new URL(gateway.url).port;

  it.each(ENDPOINTS)('%s %s is refused with 403 and a reason', async (method, path) => {
    const foreign: [string, string][][] = [
      [['origin', 'https://evil.example']],
      [['origin', 'null']],
      [['origin', '']],
      [['origin', 'http://127.0.0.1:1']],
      [['origin', `https://127.0.0.1:${port()}`]],
      [['origin', `http://localhost:${port()}`]],
      [['origin', `http://127.0.0.1:${port()}.evil.example`]],
      [
        ['origin', gateway.url],
        ['origin', 'https://evil.example'],
      ],
      [['sec-fetch-site', 'cross-site']],
      [['sec-fetch-site', 'same-site']],
      [
        ['origin', gateway.url],
        ['sec-fetch-site', 'cross-site'],
      ],
    ];
    for (const headers of foreign) {
      const { status, text } = await ask(method, path, headers);
      expect([headers, status, text]).toEqual([
        headers,
        403,
        '{"message":"Only pages of this address may call it. Call it from a terminal, or from /docs."}',
      ]);
    }
  });

  it('runs no schedule', async () => {
    const quiet = await startGateway({ assembly: await fixtureAssembly() });
    const started = (): number => Object.values(quiet.environments()).flat().length;
    const from = (origin: string) =>
      call(quiet.url, {
        method: 'POST',
        path: '/_local/schedules/nightly/run',
        headers: [['origin', origin]],
      });
    const refused = await from('https://evil.example');
    const startedForOthers = started();
    const answered = await from(quiet.url);
    const startedForItself = started();
    await quiet.stop();
    expect([refused.status, startedForOthers]).toEqual([403, 0]);
    expect([answered.status, startedForItself]).toEqual([200, 1]);
  });

  it.each(ENDPOINTS.slice(0, 7))(
    '%s %s is answered for its own pages and from a terminal',
    async (method, path) => {
      const own: [string, string][][] = [
        [],
        [['origin', gateway.url]],
        [
          ['origin', gateway.url],
          ['sec-fetch-site', 'same-origin'],
        ],
        [['sec-fetch-site', 'none']],
        [
          ['host', `localhost:${port()}`],
          ['origin', `http://localhost:${port()}`],
        ],
      ];
      for (const headers of own)
        expect([headers, (await ask(method, path, headers)).status]).toEqual([headers, 200]);
    },
  );
});

describe('the address', () => {
  it('leads to the docs page', async () => {
    expect(await get('/')).toMatchObject({ status: 302, headers: { location: '/docs' } });
  });

  it('is on 127.0.0.1 and serves no other host name', async () => {
    expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await call(gateway.url, { path: '/echo', headers: [['host', 'rebound.example']] });
    expect(answer.status).toBe(403);
  });

  it.each([
    'rebound.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example:80',
    '[::1]',
    '0.0.0.0',
    '127.0.0.1@evil.example',
    '',
  ])('serves nothing under the host name "%s", not even /_local and /docs', async (host) => {
    for (const path of ['/', '/docs', '/echo', '/_local/health'])
      expect((await call(gateway.url, { path, headers: [['host', host]] })).status).toBe(403);
  });

  it('is refused with advice when its port is in use', async () => {
    const { port } = new URL(gateway.url);
    await expect(openDoor(Number(port))).rejects.toThrow(`Port ${port} is already in use`);
  });
});
