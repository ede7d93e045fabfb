import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { fixtureAssembly } from '../fixtures/fixture-assembly.ts';

let gateway: Gateway;
beforeAll(async () => {
  const secrets = { DatabaseUri: 'mongodb://127.0.0.1/local', Keyring: '{"current":"k1"}' };
  gateway = await startGateway({ assembly: await fixtureAssembly(), secrets });
});
afterAll(() => gateway.stop());

describe('the secrets endpoint', () => {
  it('gives a function a secret that its role may read, by ARN', async () => {
    const answer = await gateway.invoke('keeper', { secret: 'DATABASE_URI_SECRET' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        SecretString: 'mongodb://127.0.0.1/local',
        ARN: expect.stringMatching(/^arn:aws:secretsmanager:/),
        Name: expect.any(String),
        VersionId: expect.any(String),
      },
    });
  });

  it('gives what was put last, as a secret that is read afresh says', async () => {
    let uri = 'mongodb://127.0.0.1/first';
    const secrets = { DatabaseUri: () => Promise.resolve(uri) };
    const changing = await startGateway({ assembly: await fixtureAssembly(), secrets });
    const given = () => changing.invoke('keeper', { secret: 'DATABASE_URI_SECRET' });
    expect(await given()).toMatchObject({ body: { SecretString: uri } });
    uri = 'mongodb://127.0.0.1/second';
    expect(await given()).toMatchObject({ body: { SecretString: uri } });
    await changing.stop();
  });

  it('answers, and does not break, when a secret cannot be read', async () => {
    const secrets = { DatabaseUri: () => Promise.reject(new Error('gone')) };
    const broken = await startGateway({ assembly: await fixtureAssembly(), secrets });
    const answer = await broken.invoke('keeper', { secret: 'DATABASE_URI_SECRET' });
    expect(answer).toMatchObject({ status: 400, body: { __type: 'ResourceNotFoundException' } });
    await broken.stop();
  });

  it('refuses a secret that its role may not read', async () => {
    const answer = await gateway.invoke('keeper', { secret: 'KEYRING_SECRET' });
    expect(answer).toMatchObject({ status: 400, body: { __type: 'AccessDeniedException' } });
    expect(JSON.stringify(answer)).not.toContain('k1');
  });

  it('refuses a secret that does not exist', async () => {
    const answer = await gateway.invoke('keeper', {
      secret: 'arn:aws:secretsmanager:eu-central-1:0:secret:other',
    });
    expect(answer).toMatchObject({ status: 400, body: { __type: 'AccessDeniedException' } });
  });

  it.each([{ token: 'guessed' }, { token: null }])(
    'refuses a call with the session token %j',
    async (wrong) => {
      const answer = await gateway.invoke('keeper', { secret: 'DATABASE_URI_SECRET', ...wrong });
      expect(answer).toMatchObject({ status: 403, body: { __type: 'Forbidden' } });
    },
  );

  it('refuses a request without the name of a secret', async () => {
    expect(await gateway.invoke('keeper', {})).toMatchObject({
      status: 400,
      body: { __type: 'ValidationException' },
    });
  });

  it('says so when a secret has no value yet', async () => {
    const empty = await startGateway({ assembly: await fixtureAssembly() });
    const answer = await empty.invoke('keeper', { secret: 'DATABASE_URI_SECRET' });
    expect(answer).toMatchObject({ status: 400, body: { __type: 'ResourceNotFoundException' } });
    await empty.stop();
  });
});
