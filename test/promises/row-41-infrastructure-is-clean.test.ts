import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { EXAMPLE_SETTINGS, SettingError, stageSettings } from '#infra/stack/stage-settings.ts';
import { type Resource, synthesis } from '#test/infra/build/synthesis.ts';

/** The statements of every role; a key's own policy names itself as `*`, which grants nothing beyond it. */
const { findings, acknowledged, ofType } = await synthesis('usual');

/** A bucket's objects have no names before they are stored: a function may reach those below a prefix of one bucket. */
const BELOW_A_PREFIX = /\{"Fn::GetAtt":\["Buckets\w+","Arn"\]\},"\/[a-z]+\/\*"/g;

describe('promise 41: the infrastructure is clean', () => {
  it('breaks no rule of AwsSolutions or Serverless, and gives a reason where it bends one', () => {
    expect(findings).toEqual([]);
    expect(acknowledged.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it('grants nothing on every resource, of buckets only what is below a prefix, and each function its own role', () => {
    const statements = ofType('AWS::IAM::Policy').flatMap(
      ([, { Properties }]) => Properties['PolicyDocument'].Statement,
    );
    const wildcards = statements.filter(({ Resource }) =>
      JSON.stringify(Resource).replaceAll(BELOW_A_PREFIX, '').includes('*'),
    );
    const roles = new Set(
      ofType('AWS::Lambda::Function').map(([, { Properties }]) => JSON.stringify(Properties['Role'])),
    );
    expect(statements.length).toBeGreaterThan(contracts.length);
    expect(wildcards).toEqual([]);
    expect(roles.size).toBe(contracts.length);
    process.stdout.write(
      `promise 41: ${String(findings.length)} findings, ${String(acknowledged.length)} acknowledged with reasons, ` +
        `${String(wildcards.length)} wildcard resources in ${String(statements.length)} statements, ${String(roles.size)} roles for ${String(contracts.length)} functions\n`,
    );
  });

  it('leaves no route open without a limit of its own', () => {
    const open = contracts.flatMap((contract) =>
      contract.kind === 'route' && contract.permission === undefined
        ? [`${contract.method} ${contract.path}`]
        : [],
    );
    const [[, stage]] = ofType('AWS::ApiGatewayV2::Stage') as [[string, Resource]];
    const limited = Object.entries<Record<string, number>>(stage.Properties['RouteSettings']);
    expect(limited.map(([key]) => key).sort()).toEqual(open.sort());
    for (const [, limit] of limited)
      expect(limit).toEqual({
        ThrottlingRateLimit: expect.any(Number),
        ThrottlingBurstLimit: expect.any(Number),
      });
    process.stdout.write(
      `promise 41: routes without a token: ${String(open.length)}, each with a limit of its own\n`,
    );
  });

  it.each([
    ['issuer', 'http://login.example.com/'],
    ['audience', ','],
    ['allowedOrigins', '*'],
    ['allowedOrigins', 'https://panel.example.com/path'],
    ['alarmMail', 'ops@example.com'],
    ['alarmEmail', ''],
    ['local', 'on'],
  ])('is not made with %s=%s', (name, value) => {
    const context: Record<string, string> = { ...EXAMPLE_SETTINGS, [name]: value };
    const attempt = () =>
      stageSettings({ tryGetContext: (key) => context[key], getAllContext: () => context });
    expect(attempt).toThrow(SettingError);
  });
});
