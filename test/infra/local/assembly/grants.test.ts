import { describe, expect, it } from '@jest/globals';
import { grantsOf } from '#infra/local/assembly/grants.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:Safe';
const READ = 'secretsmanager:GetSecretValue';

/** Grants of a function whose role has these statements, inline or in a policy beside it. */
const grants = (statements: readonly object[], inline = false) => {
  const document = { PolicyDocument: { Statement: statements } };
  const role = {
    id: 'Role',
    stack: 'App',
    type: 'AWS::IAM::Role',
    path: 'Role',
    properties: inline ? { Policies: [document] } : {},
  };
  const policy = {
    id: 'Policy',
    stack: 'App',
    type: 'AWS::IAM::Policy',
    path: 'Policy',
    properties: { ...document, Roles: [{ Ref: 'Role' }] },
  };
  const lambda = {
    id: 'Lambda',
    stack: 'App',
    type: 'AWS::Lambda::Function',
    path: 'Lambda',
    properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  };
  const all = inline ? [role, lambda] : [role, policy, lambda];
  const resources = new Map(all.map((one) => [one.id, one]));
  const stack = { name: 'App', resources, parameters: new Map(), outputs: new Map() };
  return grantsOf(
    lambda,
    { stacks: new Map([['App', stack]]), assetFolder: () => undefined },
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

describe('a condition on the prefix of a list', () => {
  const BUCKET = 'arn:aws:s3:::things';
  const LIST = 's3:ListBucket';
  const under = (operator: string, prefix: string) =>
    grants([{ ...allow(LIST, BUCKET), Condition: { [operator]: { 's3:prefix': prefix } } }]);

  it('is fulfilled by a prefix that it covers, and not without one', () => {
    const may = under('StringLike', 'records/*');
    expect(may(LIST, BUCKET, { 's3:prefix': 'records/' })).toBe(true);
    expect(may(LIST, BUCKET, { 's3:prefix': 'records/2030/' })).toBe(true);
    expect(may(LIST, BUCKET, { 's3:prefix': 'record' })).toBe(false);
    expect(may(LIST, BUCKET, { 's3:prefix': '' })).toBe(false);
    expect(may(LIST, BUCKET)).toBe(false);
  });

  it('lets other conditions pass, which are not played', () => {
    const condition = { Bool: { 'aws:SecureTransport': 'true' } };
    expect(grants([{ ...allow(LIST, BUCKET), Condition: condition }])(LIST, BUCKET)).toBe(true);
  });

  it('compares keys with their case, and actions without', () => {
    const may = grants([allow('s3:getobject', `${BUCKET}/records/*`)]);
    expect(may('s3:GetObject', `${BUCKET}/records/a`)).toBe(true);
    expect(may('s3:GetObject', `${BUCKET}/Records/a`)).toBe(false);
  });
});
