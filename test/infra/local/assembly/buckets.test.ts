import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '#infra/local/assembly/buckets.ts';

const VERSIONED = { VersioningConfiguration: { Status: 'Enabled' } };
const read = (properties: object) =>
  bucketOf(
    {
      id: 'Things',
      stack: 'App',
      type: 'AWS::S3::Bucket',
      path: '/App/Things/Resource',
      properties: { ...properties },
    },
    (value) => JSON.stringify(value),
  );

describe('a bucket of a template', () => {
  it('has a name, an ARN and the key that encrypts it', () => {
    const ServerSideEncryptionConfiguration = [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: 'k' } }];
    expect(read({ ...VERSIONED, BucketEncryption: { ServerSideEncryptionConfiguration } })).toEqual({
      name: '{"Ref":"Things"}',
      arn: '{"Fn::GetAtt":["Things","Arn"]}',
      keyArn: '"k"',
      isLocked: false,
    });
    expect(read({ ...VERSIONED, ObjectLockConfiguration: { Rule: {} } })).toMatchObject({ isLocked: true });
    expect(read({ ...VERSIONED, ObjectLockConfiguration: {} })).toMatchObject({ isLocked: false });
    expect(read(VERSIONED)).not.toHaveProperty('keyArn');
  });

  it.each([
    [{}, '/App/Things/Resource is not versioned'],
    [{ VersioningConfiguration: { Status: 'Suspended' } }, '/App/Things/Resource is not versioned'],
    [{ ...VERSIONED, WebsiteConfiguration: {} }, '/App/Things/Resource has WebsiteConfiguration'],
    [{ ...VERSIONED, NotificationConfiguration: {} }, '/App/Things/Resource has NotificationConfiguration'],
  ])('with %j is an error that names it', (properties, sentence) => {
    expect(() => read(properties)).toThrow(sentence);
  });
});
