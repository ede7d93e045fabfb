import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDoor } from '#infra/local/door.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
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

  it('answers 503 with what is being done until then', async () => {
    const door = await openDoor(0);
    door.report('starting the database');
    const early = await call(door.url, { path: '/_local/health' });
    expect(early).toMatchObject({ status: 503, text: '{"doing":"starting the database"}' });
    const late = await startGateway({ assembly: await fixtureAssembly(), at: door });
    expect(await call(door.url, { path: '/_local/health' })).toMatchObject({ status: 200 });
    await late.stop();
  });

  it('answers 503 as long as what comes before serving runs', async () => {
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

  it('takes several memberships', async () => {
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

  it('answers 400 to what is no JSON', async () => {
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
    await expect(gateway.runSchedule('unknown')).rejects.toThrow('There is no schedule unknown');
  });
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

  it('that is taken is refused with what to do', async () => {
    const { port } = new URL(gateway.url);
    await expect(openDoor(Number(port))).rejects.toThrow(`Port ${port} is taken`);
  });
});
