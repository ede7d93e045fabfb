import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readAssembly } from '#infra/local/assembly/assembly.ts';
import type { Assembly } from '#infra/local/assembly/definitions.ts';
import { fixtureAssembly } from '../fixtures/fixture-assembly.ts';

type Template = { Resources: Record<string, { Type: string; Properties?: object }> };

describe('what CDK synthesized', () => {
  let assembly: Assembly;
  beforeAll(async () => {
    assembly = await readAssembly(await fixtureAssembly());
  });

  it('is read with its functions, their bundles, sizes and variables', async () => {
    const misbehave = assembly.functions.find(({ path }) => path === '/Fixture/misbehave/Resource');
    expect(misbehave).toMatchObject({
      handler: 'index.handler',
      timeoutMs: 1_000,
      memoryMb: 256,
      environment: { STAGE: 'fixture', NAMED: 'eu-central-1-Fixture' },
    });
    expect(await readFile(join(misbehave?.folder ?? '', 'index.cjs'), 'utf8')).toContain('BEHAVIOURS');
  });

  it('is read with its routes, their functions, authorizers, scopes and time-outs', () => {
    const route = (key: string) => assembly.routes.find((one) => one.key === key);
    expect(assembly.routes).toHaveLength(17);
    expect(route('GET /echo')).toMatchObject({ timeoutMs: 30_000, scopes: [] });
    expect(route('GET /echo')).not.toHaveProperty('authorizer');
    expect(route('GET /hasty')).toMatchObject({
      timeoutMs: 300,
      target: { path: '/Fixture/misbehave/Resource' },
    });
    expect(route('POST /scoped')).toMatchObject({
      authorizer: { issuer: 'https://issuer.example', audience: ['fixture'], header: 'authorization' },
      scopes: ['customers:write'],
    });
  });

  it('is read with its CORS configuration', () => {
    expect(assembly.cors).toEqual({
      origins: ['https://panel.example'],
      methods: ['GET', 'POST'],
      headers: ['authorization', 'content-type'],
      exposed: ['etag'],
      credentials: false,
      maxAgeSeconds: 3_600,
    });
  });

  it('is read with its schedules and secrets, and variables that name the secret', () => {
    expect(assembly.schedules).toMatchObject([
      { name: 'nightly', expression: 'cron(0 3 * * ? *)', enabled: true, input: '{"dryRun":true}' },
    ]);
    const keyring = assembly.secrets.find(({ name }) => name === 'fixture/keyring');
    const keeper = assembly.functions.find(({ path }) => path.includes('keeper'));
    expect(keyring?.path).toBe('/Fixture/Keyring/Resource');
    expect(keeper?.environment.KEYRING_SECRET).toBe(keyring?.arn);
  });

  it('is read with what each role may do', () => {
    const mayRead = (functionName: string, secretPath: string): boolean | undefined =>
      assembly.functions
        .find(({ path }) => path.includes(functionName))
        ?.mayDo(
          'secretsmanager:GetSecretValue',
          assembly.secrets.find(({ path }) => path.includes(secretPath))?.arn ?? '',
        );
    expect(mayRead('keeper', 'DatabaseUri')).toBe(true);
    expect(mayRead('keeper', 'Keyring')).toBe(false);
    expect(mayRead('echo', 'DatabaseUri')).toBe(false);
  });
});

describe('what cannot be played', () => {
  /** The fixture's assembly with another template. */
  const changed = async (change: (resources: Template['Resources']) => void): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'assembly-'));
    const from = await fixtureAssembly();
    const template = JSON.parse(await readFile(join(from, 'Fixture.template.json'), 'utf8')) as Template;
    change(template.Resources);
    await writeFile(join(folder, 'Fixture.template.json'), JSON.stringify(template));
    for (const file of ['manifest.json', 'Fixture.assets.json', 'Fixture.metadata.json']) {
      await writeFile(join(folder, file), await readFile(join(from, file)));
    }
    return folder;
  };
  const changeFirst = (type: string, properties: object) => (resources: Template['Resources']) => {
    const first = Object.values(resources).find((resource) => resource.Type === type);
    Object.assign(first?.Properties ?? {}, properties);
  };

  it.each([
    [
      'an intrinsic without a local meaning',
      changeFirst('AWS::Lambda::Function', { Environment: { Variables: { A: { 'Fn::ImportValue': 'x' } } } }),
      '/Fixture/echo/Resource uses Fn::ImportValue, which has no local meaning.',
    ],
    [
      'a reference to nothing',
      changeFirst('AWS::Lambda::Function', { Environment: { Variables: { A: { Ref: 'Nothing' } } } }),
      '/Fixture/echo/Resource refers to Nothing, which the template does not have.',
    ],
    [
      'a function without a bundle',
      changeFirst('AWS::Lambda::Function', { Code: { ZipFile: 'inline' } }),
      '/Fixture/echo/Resource has no bundle in this assembly.',
    ],
    [
      'payload format 1.0',
      changeFirst('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '1.0' }),
      'does not use payload format 2.0',
    ],
    [
      'another kind of authorizer',
      changeFirst('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }),
      'is authorized by AWS_IAM, which is not played here.',
    ],
    [
      'another stage',
      changeFirst('AWS::ApiGatewayV2::Stage', { StageName: 'v1' }),
      'is not the $default stage',
    ],
    [
      'a schedule of something else',
      changeFirst('AWS::Scheduler::Schedule', { Target: { Arn: 'arn:aws:sqs:eu-central-1:1:queue' } }),
      '/Fixture/Nightly leads to arn:aws:sqs:eu-central-1:1:queue, which is not a function of this assembly.',
    ],
  ])('is refused with the resource’s name: %s', async (_, change, message) => {
    await expect(readAssembly(await changed(change))).rejects.toThrow(message);
  });

  it('is refused where there is no HTTP API', async () => {
    const folder = await changed((resources) => {
      for (const resource of Object.values(resources)) resource.Type = resource.Type.replace('Api', 'Other');
    });
    await expect(readAssembly(folder)).rejects.toThrow(
      'must hold exactly one stack with an HTTP API; it holds none.',
    );
  });
});
