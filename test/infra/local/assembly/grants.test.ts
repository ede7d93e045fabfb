import { describe, expect, it } from '@jest/globals';
import { grantsOf } from '#infra/local/assembly/grants.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:Safe';
const READ = 'secretsmanager:GetSecretValue';

/** Grants of a function whose role has these statements, inline or in a policy beside it. */
const grants = (statements: readonly object[], inline = false) => {
  const document = { PolicyDocument: { Statement: statements } };
  const role = {
    id: 'Role',
    type: 'AWS::IAM::Role',
    path: 'Role',
    properties: inline ? { Policies: [document] } : {},
  };
  const policy = {
    id: 'Policy',
    type: 'AWS::IAM::Policy',
    path: 'Policy',
    properties: { ...document, Roles: [{ Ref: 'Role' }] },
  };
  const lambda = {
    id: 'Lambda',
    type: 'AWS::Lambda::Function',
    path: 'Lambda',
    properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  };
  const all = inline ? [role, lambda] : [role, policy, lambda];
  const resources = new Map(all.map((one) => [one.id, one]));
  return grantsOf(
    lambda,
    { resources, parameters: new Map(), assetFolder: () => undefined },
    (value) => value,
  );
};
const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });

describe('a role', () => {
  it.each([
    [allow(READ, SECRET)],
    [allow([READ, 'secretsmanager:DescribeSecret'], [SECRET, 'other'])],
    [allow('secretsmanager:*', `${SECRET.slice(0, -2)}??`)],
    [allow('SecretsManager:getsecretvalue', '*')],
  ])('may read a secret by %j, inline or not', (statement) => {
    expect(grants([statement])(READ, SECRET)).toBe(true);
    expect(grants([statement], true)(READ, SECRET)).toBe(true);
  });

  it.each([
    [[]],
    [[allow('secretsmanager:DescribeSecret', SECRET)]],
    [[allow(READ, `${SECRET}2`)]],
    [[allow(READ, SECRET.replaceAll(':', '.'))]],
    [[allow(READ, SECRET), { ...allow('*', '*'), Effect: 'Deny' }]],
  ])('may not by %j', (statements) => {
    expect(grants(statements)(READ, SECRET)).toBe(false);
  });
});
