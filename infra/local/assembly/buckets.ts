import type { Resource } from './cloud-assembly.ts';
import type { BucketDefinition } from './definitions.ts';
import type { Resolve } from './intrinsic.ts';
import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json.ts';

/** The properties that need nothing here, and those that are played. */
const PLAYED: ReadonlySet<string> = new Set([
  'BucketEncryption',
  'BucketName',
  'LifecycleConfiguration',
  'ObjectLockConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
]);

const keyOf = (properties: JsonObject): unknown => {
  const [rule] = listAt(objectAt(properties, 'BucketEncryption'), 'ServerSideEncryptionConfiguration');
  return isObject(rule) ? objectAt(rule, 'ServerSideEncryptionByDefault').KMSMasterKeyID : undefined;
};

/** @throws Error naming the bucket, when it is not versioned or does something that is not played */
export const bucketOf = (bucket: Resource, resolve: Resolve): BucketDefinition => {
  const { path, properties } = bucket;
  const unplayed = Object.keys(properties).find((property) => !PLAYED.has(property));
  if (unplayed !== undefined) throw new Error(`${path} has ${unplayed}, which is not played here.`);
  if (textAt(objectAt(properties, 'VersioningConfiguration'), 'Status') !== 'Enabled')
    throw new Error(`${path} is not versioned. Only versioned buckets are played here.`);
  const arn = String(resolve({ 'Fn::GetAtt': [bucket.id, 'Arn'] }, bucket));
  const key = keyOf(properties);
  return {
    name: String(resolve({ Ref: bucket.id }, bucket)),
    arn,
    ...(key !== undefined && { keyArn: String(resolve(key, bucket)) }),
    isLocked: 'Rule' in objectAt(properties, 'ObjectLockConfiguration'),
  };
};
