import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bucketUseCases } from '#test/support/bucket-use-cases/made.ts';
import { type Resource, synthesis, targetOf, textOf } from '../build/synthesis.ts';
import sampleIds from './bucket-logical-ids.json' with { type: 'json' };
import logicalIds from './logical-ids.json' with { type: 'json' };

type Made = Readonly<{
  template: Readonly<{ Resources: Readonly<Record<string, Resource>> }>;
  findings: readonly string[];
  report: Readonly<{ pluginReports: readonly unknown[] }>;
}>;

/** Those of buckets that contracts need by now are with the other ids. */
const bucketIds = {
  'AWS::S3::Bucket': { ...sampleIds['AWS::S3::Bucket'], ledger: logicalIds['AWS::S3::Bucket'].ledger },
  'AWS::KMS::Key': { ...sampleIds['AWS::KMS::Key'], ledger: logicalIds['AWS::KMS::Key'].ledger },
};
const folder = await bucketUseCases();
const read = (stage: string): Made => JSON.parse(readFileSync(join(folder, `${stage}.json`), 'utf8'));
const usual = read('usual');
const flexible = read('flexible');
const ofType = ({ template }: Made, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
const bucket = (made: Made, purpose: 'archive' | 'ledger'): Resource =>
  ofType(made, 'AWS::S3::Bucket').find(([, { Properties }]) =>
    textOf(Properties['BucketName']).includes(purpose),
  )![1];
const lambda = (name: string, made = usual): Resource['Properties'] =>
  ofType(made, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === `CustomerManagement-${name}`,
  )![1].Properties;

/** What the role of a function may do with buckets and keys, each as `action resource` and its condition. */
const allowed = (name: string): string[] => {
  const role = targetOf(lambda(name)['Role']);
  return ofType(usual, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties['Roles'].some((one: any) => targetOf(one) === role))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement)
    .flatMap(({ Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action: string) =>
          [Resource]
            .flat()
            .map(
              (resource) =>
                `${action} ${textOf(resource)}${Condition === undefined ? '' : ` ${JSON.stringify(Condition)}`}`,
            ),
        ),
    )
    .filter((line) => /^(s3|kms):/.test(line))
    .sort();
};
const ARCHIVE = bucketIds['AWS::S3::Bucket'].archive;
const LEDGER = bucketIds['AWS::S3::Bucket'].ledger;
const ARCHIVE_KEY = bucketIds['AWS::KMS::Key'].archive;
const LEDGER_KEY = bucketIds['AWS::KMS::Key'].ledger;
const under = (prefix: string): string => ` {"StringLike":{"s3:prefix":"${prefix}/*"}}`;

describe('the buckets', () => {
  it('pass the rules of cdk-nag and CloudFormation', () => {
    for (const { findings, report } of [usual, flexible])
      expect([findings, report.pluginReports]).toEqual([[], []]);
  });

  it('are made only if a contract needs them', async () => {
    expect(ofType(usual, 'AWS::S3::Bucket')).toHaveLength(2);
    const { main } = await synthesis('usual');
    const { contracts } = await import('#functions/contracts.ts');
    const needed = new Set(
      contracts.flatMap(({ needs }) => needs.filter((need) => need.endsWith('-bucket'))),
    );
    expect(main.ofType('AWS::S3::Bucket')).toHaveLength(needed.size);
  });

  it.each(
    Object.entries(bucketIds).flatMap(([type, ids]) =>
      Object.entries(ids).map(([name, id]) => [type, name, id]),
    ),
  )('%s %s keeps its logical id', (type, _name, id) => {
    for (const { template } of [usual, flexible]) expect(template.Resources[id]?.Type).toBe(type);
  });

  it.each(['archive', 'ledger'] as const)(
    'the %s has a readable name, a key of its own that rotates, and stays when the stack is deleted',
    (purpose) => {
      const { Properties, ...rest } = bucket(usual, purpose);
      expect(textOf(Properties['BucketName'])).toBe(
        `customermanagement-${purpose}-<AWS::AccountId>-<AWS::Region>`,
      );
      expect(rest).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      const [rule] = Properties['BucketEncryption'].ServerSideEncryptionConfiguration;
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
      const key = usual.template.Resources[targetOf(rule.ServerSideEncryptionByDefault.KMSMasterKeyID)]!;
      expect(key.DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(key.Properties['EnableKeyRotation']).toBe(true);
      expect(targetOf(rule.ServerSideEncryptionByDefault.KMSMasterKeyID)).toBe(
        bucketIds['AWS::KMS::Key'][purpose],
      );
    },
  );

  it.each(['archive', 'ledger'] as const)(
    'the %s is versioned, and open neither to the public nor without TLS',
    (purpose) => {
      const { Properties } = bucket(usual, purpose);
      expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
      expect(Object.values(Properties['PublicAccessBlockConfiguration'])).toEqual([true, true, true, true]);
      const id = bucketIds['AWS::S3::Bucket'][purpose];
      const [, policy] = ofType(usual, 'AWS::S3::BucketPolicy').find(
        ([, one]) => targetOf(one.Properties['Bucket']) === id,
      )!;
      const [statement] = policy.Properties['PolicyDocument'].Statement;
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
      expect(statement.Resource.map(textOf)).toEqual([`<${id}>`, `<${id}>/*`]);
    },
  );

  it('the ledger is locked for 400 days and never expires', () => {
    const { Properties } = bucket(usual, 'ledger');
    expect(Properties['ObjectLockConfiguration'].Rule.DefaultRetention).toEqual({
      Mode: 'GOVERNANCE',
      Days: 400,
    });
    expect(Properties['LifecycleConfiguration']).toBeUndefined();
  });

  it('the archive keeps old versions for 30 days, and locks new ones only if a setting says so, without a replacement', () => {
    const [without, locked] = [usual, flexible].map((made) => bucket(made, 'archive').Properties);
    expect(without!['LifecycleConfiguration'].Rules).toEqual([
      { Id: 'delete-old-versions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
    ]);
    expect([without!['ObjectLockEnabled'], locked!['ObjectLockEnabled']]).toEqual([true, true]);
    expect(without!['ObjectLockConfiguration']).toBeUndefined();
    expect(locked!['ObjectLockConfiguration'].Rule.DefaultRetention).toEqual({
      Mode: 'GOVERNANCE',
      Days: 90,
    });
  });
});

describe('a function', () => {
  const told = (name: string, made = usual) =>
    Object.fromEntries(
      Object.entries(lambda(name, made)['Environment'].Variables)
        .filter(([variable]) => /BUCKET|STORAGE/.test(variable))
        .map(([variable, value]) => [variable, textOf(value)]),
    );

  it('is told the names of the buckets that its contract needs, and the tier of the archive', () => {
    const all = { ARCHIVE_BUCKET: `<${ARCHIVE}>`, LEDGER_BUCKET: `<${LEDGER}>` };
    expect(told('move-objects')).toEqual({ ...all, ARCHIVE_STORAGE_CLASS: 'GLACIER_IR' });
    expect(told('move-objects', flexible)).toEqual({ ...all, ARCHIVE_STORAGE_CLASS: 'GLACIER' });
    expect(told('write-ledger')).toEqual({ LEDGER_BUCKET: `<${LEDGER}>` });
    expect(told('see-nothing')).toEqual({});
  });

  it('may do what its contract says under its prefixes, and nothing more', () => {
    expect(allowed('move-objects')).toEqual(
      [
        ...['Delete', 'Get', 'Put', 'Restore'].map((verb) => `s3:${verb}Object <${ARCHIVE}>/records/*`),
        `s3:ListBucket <${ARCHIVE}>${under('records')}`,
        ...['Get', 'Put'].map((verb) => `s3:${verb}Object <${LEDGER}>/erasures/*`),
        `s3:ListBucket <${LEDGER}>${under('erasures')}`,
        ...['Decrypt', 'GenerateDataKey'].flatMap((use) => [
          `kms:${use} <${ARCHIVE_KEY}>`,
          `kms:${use} <${LEDGER_KEY}>`,
        ]),
      ].sort(),
    );
    expect(allowed('write-ledger')).toEqual([
      `kms:GenerateDataKey <${LEDGER_KEY}>`,
      `s3:PutObject <${LEDGER}>/erasures/*`,
    ]);
    expect(allowed('see-nothing')).toEqual([]);
  });
});
