import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import type { Contract } from '#lib/contract/contract.ts';
import { type Resource, synthesis, targetOf, textOf } from '../build/synthesis.ts';

const { templates, main, work, ...all } = await synthesis('without purge');
const { ofType, get } = main;
const byName = contracts.map((contract) => [contract.name, contract] as const);
const lambdas = ofType('AWS::Lambda::Function');

const lambdaOf = ({ name }: Contract): Resource['Properties'] => {
  const found = lambdas.filter(
    ([, { Properties }]) => Properties['FunctionName'] === `CustomerManagement-${name}`,
  );
  expect(found).toHaveLength(1);
  return found[0]![1].Properties;
};
const statementsOf = (roleId: string): any[] =>
  ofType('AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties['Roles'].some((role: any) => targetOf(role) === roleId))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement);
/** A function whose caller does not wait has a queue for failed events. */
const isStartedByEvents = ({ kind }: Contract): boolean => kind === 'schedule' || kind === 'subscription';
/** A resource of the main stack by its logical id, one of another stack by its ARN. */
const nameOf = (resource: any): string => ('Fn::Join' in resource ? textOf(resource) : targetOf(resource));
const queueArn = ({ Properties }: Resource): string =>
  `arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${Properties['QueueName']}`;
/** Kept, unless the deployment that makes it fails: what stays of a failed one must not block the next. */
const KEPT = 'RetainExceptOnCreate';
const OWN_BUS = 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/CustomerManagement';
const secretNamed = (part: string): string =>
  ofType('AWS::SecretsManager::Secret').find(([id]) => id.includes(part))![0];

describe('the stack', () => {
  it('has one function for each contract and no other', () => {
    expect(lambdas).toHaveLength(contracts.length);
  });

  it('runs no function from a snapshot: its copies would seal with the same ivs', () => {
    for (const [, { Properties }] of lambdas) expect(Properties['SnapStart']).toBeUndefined();
  });

  it('has one role for each function, and one for each schedule', () => {
    const roles = lambdas.map(([, { Properties }]) => targetOf(Properties['Role']));
    expect(new Set(roles).size).toBe(contracts.length);
    const schedules = contracts.filter(({ kind }) => kind === 'schedule');
    expect(ofType('AWS::IAM::Role')).toHaveLength(contracts.length);
    expect(work.ofType('AWS::IAM::Role')).toHaveLength(schedules.length);
    expect(all.ofType('AWS::IAM::Role')).toHaveLength(contracts.length + schedules.length);
  });

  it('grants nothing on every resource, no family of actions and no managed policy', () => {
    const policies = all
      .ofType('AWS::IAM::Policy')
      .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement);
    expect(policies.length).toBeGreaterThan(contracts.length);
    /** A grant in a bucket ends with the prefix that its contract names. */
    const prefixes = contracts
      .flatMap((contract) => Object.values(('objects' in contract ? contract.objects : undefined) ?? {}))
      .flatMap((grants) => grants.map(({ prefix }) => `/${prefix}*`));
    for (const { Action, Resource } of policies) {
      expect(JSON.stringify(Action)).not.toContain('*');
      for (const resource of [Resource].flat().map(textOf))
        expect(prefixes.reduce((rest, prefix) => rest.replace(prefix, ''), resource)).not.toContain('*');
    }
    for (const [, { Properties }] of all.ofType('AWS::IAM::Role')) {
      expect(Properties['ManagedPolicyArns']).toBeUndefined();
      expect(Properties['Policies']).toBeUndefined();
    }
  });

  it('keeps every technical log for 90 days and no longer', () => {
    const groups = all.ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(contracts.length + 1);
    const technical = groups.filter(([id]) => !id.startsWith('keepaccesslog'));
    expect(technical).toHaveLength(contracts.length);
    for (const [, { Properties }] of technical) expect(Properties['RetentionInDays']).toBe(90);
  });

  it('holds no secret value and no connection string', () => {
    const text = JSON.stringify(templates);
    expect(text).not.toMatch(/mongodb(\+srv)?:\/\//);
    expect(text).not.toContain('"SecretString"');
    expect(text).not.toContain('MONGODB_URI');
  });

  it('keeps the secrets and their keys when it is deleted, each secret under a key of its own that rotates', () => {
    const secrets = ofType('AWS::SecretsManager::Secret');
    const keys = secrets.map(([, { Properties }]) => targetOf(Properties['KmsKeyId']));
    expect(new Set(keys).size).toBe(2);
    for (const [, secret] of secrets) expect(secret.DeletionPolicy).toBe(KEPT);
    for (const key of keys) {
      expect(get(key).DeletionPolicy).toBe(KEPT);
      expect(get(key).Properties['EnableKeyRotation']).toBe(true);
    }
  });

  it('keeps nothing of a deployment that fails but the access log, whose name CloudFormation makes', () => {
    const kept = Object.entries(templates).flatMap(([stack, { Resources }]) =>
      Object.entries(Resources)
        .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
        .map(([id, { Properties }]) => [stack, id.replace(/Log\w+$/, ''), Properties['LogGroupName']]),
    );
    expect(kept).toEqual([['main', 'keepaccesslog', undefined]]);
  });

  it('tells where it is, what to migrate with and which secrets to fill', () => {
    const { ApiUrl, MigrateDatabaseFunction, ...outputs } = main.template.Outputs!;
    expect(textOf(ApiUrl.Value)).toMatch(/^https:\/\/<\w+>\.execute-api\./);
    expect(targetOf(MigrateDatabaseFunction.Value)).toMatch(/^migratedatabase/);
    expect(outputs['DatabaseUriSecret'].Value).toEqual({ Ref: secretNamed('DatabaseUri') });
    expect(outputs['KeyringSecret'].Value).toEqual({ Ref: secretNamed('Keyring') });
  });

  it('has few outputs, with names and descriptions for a person', () => {
    const outputs = Object.entries(main.template.Outputs!);
    expect(outputs.map(([name]) => name).sort()).toEqual(
      [
        ...[
          'AlarmTopic',
          'ApiId',
          'ApiUrl',
          'DatabaseUriSecret',
          'EventBus',
          'KeepAccessLogGroup',
          'KeyringSecret',
        ],
        ...['MigrateDatabase', 'RecountActivity', 'ReplayErasures', 'VerifyHistories'].map(
          (operation) => `${operation}Function`,
        ),
      ].sort(),
    );
    for (const [, { Description }] of outputs) expect(Description).toMatch(/^[A-Z].{20}/);
  });
});

describe.each(byName)('the function %s', (_name, contract) => {
  const needs = new Set(contract.needs);
  const readsSecrets = needs.has('database') || needs.has('keyring');
  const isLimited = contract.kind === 'route' && contract.permission !== undefined;

  it('is what its contract says, on arm64 and Node 24', () => {
    expect(lambdaOf(contract)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: contract.memoryMb,
      Timeout: contract.timeoutSeconds,
      Description: contract.summary,
    });
  });

  it('is told what its contract needs, and nothing more', () => {
    const { Environment, Layers } = lambdaOf(contract);
    const told = Object.keys(Environment.Variables).filter(
      (name) => !/^(SECRETS_MANAGER_|SSM_PARAMETER_STORE_|PARAMETERS_SECRETS_EXTENSION_)/.test(name),
    );
    const expected = [
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_SERVICE_NAME',
      ...(needs.has('database') ? ['DATABASE_URI_SECRET'] : []),
      ...(needs.has('keyring') ? ['KEYRING_SECRET'] : []),
      ...(needs.has('purge-switch') ? ['PURGE_SWITCH'] : []),
      ...(needs.has('archive-bucket') ? ['ARCHIVE_BUCKET', 'ARCHIVE_STORAGE_CLASS'] : []),
      ...(needs.has('ledger-bucket') ? ['LEDGER_BUCKET'] : []),
      ...(needs.has('event-bus') ? ['EVENT_BUS'] : []),
      ...(isLimited ? ['RATE_LIMIT_BURST', 'RATE_LIMIT_PER_SECOND'] : []),
    ];
    expect(told.sort()).toEqual(expected.sort());
    expect(Environment.Variables['PARAMETERS_SECRETS_EXTENSION_HTTP_PORT']).toBe(
      readsSecrets ? '2773' : undefined,
    );
    expect(Layers ?? []).toHaveLength(readsSecrets ? 1 : 0);
    if (isLimited)
      expect(Environment.Variables).toMatchObject({ RATE_LIMIT_PER_SECOND: '50', RATE_LIMIT_BURST: '1200' });
    if (needs.has('purge-switch')) expect(Environment.Variables['PURGE_SWITCH']).toBe('off');
  });

  // What it may do in buckets is in buckets.test.ts.
  it('may write its own log and read the secrets it needs, and nothing more', () => {
    const { Role, LoggingConfig } = lambdaOf(contract);
    const allowed = statementsOf(targetOf(Role)).flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} ${nameOf(resource)}`)),
    );
    const readBy = (secret: string) =>
      ['DescribeSecret', 'GetSecretValue'].map((read) => `secretsmanager:${read} ${secretNamed(secret)}`);
    const sendTo = (queue: string) =>
      ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((send) => `sqs:${send} ${queue}`);
    const poll = (queue: string) =>
      ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} ${queue}`);
    const events = `arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:CustomerManagement-${contract.name}-events`;
    const deadLetters = work
      .ofType('AWS::SQS::Queue')
      .find(([id]) => id.startsWith(contract.name.replaceAll('-', '')));
    const log = targetOf(LoggingConfig.LogGroup);
    const expected = [
      `logs:CreateLogStream ${log}`,
      `logs:PutLogEvents ${log}`,
      ...(needs.has('database') ? readBy('DatabaseUri') : []),
      ...(needs.has('keyring') ? readBy('Keyring') : []),
      ...(isStartedByEvents(contract) ? sendTo(queueArn(deadLetters![1])) : []),
      ...(contract.kind === 'queue' ? poll(events) : []),
      ...(needs.has('event-bus') ? [`events:PutEvents ${OWN_BUS}`] : []),
    ];
    const others = needs.has('archive-bucket') || needs.has('ledger-bucket') ? /^(s3|kms):/ : /^$/;
    expect(allowed.filter((one) => !others.test(one)).sort()).toEqual(expected.sort());
  });

  it('is named by the keys of just the secrets it reads', () => {
    const { Role } = lambdaOf(contract);
    const opens = (part: string): boolean => {
      const key = get(targetOf(get(secretNamed(part)).Properties['KmsKeyId']));
      return JSON.stringify(key.Properties['KeyPolicy']).includes(`"${targetOf(Role)}"`);
    };
    expect([opens('DatabaseUri'), opens('Keyring')]).toEqual([needs.has('database'), needs.has('keyring')]);
  });
});
