import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { synthesis } from '#test/infra/synthesis.ts';

/** The statements of every role; a key's own policy names itself as `*`, which grants nothing beyond it. */
const { findings, acknowledged, ofType } = synthesis({ alarmEmail: 'ops@example.com' });

describe('promise 41: the infrastructure is clean', () => {
  it('breaks no rule of AwsSolutions or Serverless, and gives a reason where it bends one', () => {
    expect(findings).toEqual([]);
    expect(acknowledged.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it('grants nothing on every resource, and each function its own role', () => {
    const statements = ofType('AWS::IAM::Policy').flatMap(
      ([, { Properties }]) => Properties['PolicyDocument'].Statement,
    );
    const wildcards = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
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
});
