import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { NewObject, ObjectHead, ObjectPage, StorageClass, StoredObject } from './object.ts';
import { problemOf } from './problem-of.ts';

export { problemOf };

type Place = Readonly<{ bucket: string; key: string }>;

/** S3 lists no more at once. */
const PAGE = 1_000;

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('base64');

/** Sends the content with its hash. A buffer is sent in one piece, so that it is signed and counted as a whole. */
export const put = async (
  client: S3Client,
  object: NewObject & Place,
  abortSignal: AbortSignal,
): Promise<void> => {
  const { bucket, key, body, storageClass = 'STANDARD' } = object;
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentLength: body.length,
      StorageClass: storageClass,
      ChecksumSHA256: sha256(body),
    }),
    { abortSignal },
  );
};

export const get = async (
  client: S3Client,
  { bucket, key }: Place,
  abortSignal: AbortSignal,
): Promise<StoredObject> => {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
  const { Body, ChecksumSHA256: hash } = await client.send(command, { abortSignal });
  const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
  return { body, ...(hash !== undefined && { sha256: hash }) };
};

const CLASSES: Readonly<Record<string, StorageClass>> = { GLACIER_IR: 'GLACIER_IR', GLACIER: 'GLACIER' };

const restoreOf = ({ Restore }: HeadObjectCommandOutput): 'none' | 'ongoing' | 'ready' =>
  Restore === undefined ? 'none' : Restore.includes('ongoing-request="true"') ? 'ongoing' : 'ready';

export const head = async (
  client: S3Client,
  { bucket, key }: Place,
  abortSignal: AbortSignal,
): Promise<ObjectHead> => {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
  const found = await client.send(command, { abortSignal });
  const storageClass = CLASSES[found.StorageClass ?? ''] ?? 'STANDARD';
  return {
    bytes: found.ContentLength ?? 0,
    storageClass,
    ...(found.ChecksumSHA256 !== undefined && { sha256: found.ChecksumSHA256 }),
    ...(storageClass === 'GLACIER' && { restore: restoreOf(found) }),
  };
};

export const remove = async (
  client: S3Client,
  { bucket, key }: Place,
  abortSignal: AbortSignal,
): Promise<void> => {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
};

export const list = async (
  client: S3Client,
  { bucket, prefix, from }: Readonly<{ bucket: string; prefix: string; from?: string }>,
  abortSignal: AbortSignal,
): Promise<ObjectPage> => {
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    MaxKeys: PAGE,
    ...(from !== undefined && { ContinuationToken: from }),
  });
  const { Contents = [], NextContinuationToken: next } = await client.send(command, { abortSignal });
  const objects = Contents.map(({ Key: key = '', Size: bytes = 0 }) => ({ key, bytes }));
  return { objects, ...(next !== undefined && { next }) };
};

export const restore = async (
  client: S3Client,
  { bucket, key, days }: Place & Readonly<{ days: number }>,
  abortSignal: AbortSignal,
): Promise<void> => {
  const command = new RestoreObjectCommand({
    Bucket: bucket,
    Key: key,
    RestoreRequest: { Days: days, GlacierJobParameters: { Tier: 'Standard' } },
  });
  await client.send(command, { abortSignal }).catch((error: unknown) => {
    if (!Error.isError(error) || error.name !== 'RestoreAlreadyInProgress') throw error;
  });
};
