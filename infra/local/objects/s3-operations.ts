import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BucketDefinition } from '../assembly/definitions.ts';
import type { HttpAnswer } from '../http-api/http-answer.ts';
import type { ObjectAbout, ObjectShelf } from './object-shelf.ts';
import { emptyAnswer, listAnswer, objectHeaders, S3Refusal } from './s3-answer.ts';
import type { S3Call, S3Head } from './s3-call.ts';

const STORAGE_CLASSES: ReadonlySet<string> = new Set(['STANDARD', 'GLACIER_IR', 'GLACIER']);
/** The class that must be restored before it can be read. */
const OFFLINE = 'GLACIER';
const LARGEST_PAGE = 1_000;
const DAY_MS = 86_400_000;

/** A permitted call with what it needs. */
export type S3Work = Readonly<{
  call: S3Call;
  head: S3Head;
  body: Buffer;
  bucket: BucketDefinition;
  shelf: ObjectShelf;
  /** Milliseconds since the epoch. */
  now: number;
  restoreDelayMs: number;
  /** What S3 answers this caller for an object that is absent. */
  absent: () => S3Refusal;
}>;

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('base64');
const crc = (body: Buffer): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64');
};

const checkBody = ({ head, body, bucket, call }: S3Work): void => {
  const told = ['sha256', 'crc32'].map((name) => head.headers.get(`x-amz-checksum-${name}`));
  const resource = `${bucket.arn}/${call.key}`;
  if (bucket.isLocked && told.every((sum) => sum === undefined))
    throw new S3Refusal(
      400,
      'InvalidRequest',
      `${resource} needs a checksum, because its bucket locks objects.`,
    );
  const [hash = sha256(body), sum = crc(body)] = told;
  if (hash !== sha256(body) || sum !== crc(body))
    throw new S3Refusal(400, 'BadDigest', `The body for ${resource} does not match its checksum.`);
};

const put = async (work: S3Work): Promise<HttpAnswer> => {
  const { call, head, body, bucket, shelf, now } = work;
  const storageClass = head.headers.get('x-amz-storage-class') ?? 'STANDARD';
  if (!STORAGE_CLASSES.has(storageClass))
    throw new S3Refusal(
      501,
      'NotImplemented',
      `The storage class ${storageClass} of ${bucket.arn}/${call.key} is not played here.`,
    );
  checkBody(work);
  await shelf.put(call, body, { sha256: sha256(body), storageClass, at: now });
  return emptyAnswer(200, [['x-amz-checksum-sha256', sha256(body)]]);
};

const found = ({ shelf, call, absent }: S3Work): ObjectAbout => {
  const about = shelf.about(call);
  if (about === undefined) throw absent();
  return about;
};

const isReadable = ({ storageClass, restore }: ObjectAbout, now: number): boolean =>
  storageClass !== OFFLINE || (restore !== undefined && restore.readyAt <= now && now < restore.until);

const get = (work: S3Work): HttpAnswer => {
  const { shelf, call, bucket, now } = work;
  const about = found(work);
  if (!isReadable(about, now))
    throw new S3Refusal(
      403,
      'InvalidObjectState',
      `${bucket.arn}/${call.key} must be restored before it is read.`,
    );
  return { status: 200, headers: objectHeaders(about, now), body: shelf.body(call) };
};

const head = (work: S3Work): HttpAnswer => {
  const about = found(work);
  // Node sends only the length of it.
  return { status: 200, headers: objectHeaders(about, work.now), body: work.shelf.body(work.call) };
};

const list = ({ shelf, call, bucket }: S3Work): HttpAnswer => {
  const { query } = call;
  const prefix = query.get('prefix') ?? '';
  const asked = Number(query.get('max-keys') ?? LARGEST_PAGE);
  if (!Number.isInteger(asked) || asked < 1)
    throw new S3Refusal(400, 'InvalidArgument', `max-keys for ${bucket.arn} must be a whole number above 0.`);
  const pageSize = Math.min(asked, LARGEST_PAGE);
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url');
  const keys = shelf.keys(call.bucket, prefix).filter((key) => Buffer.compare(Buffer.from(key), after) > 0);
  const page = keys.slice(0, pageSize);
  const last = keys.length > pageSize ? page.at(-1) : undefined;
  return listAnswer({
    bucket: call.bucket,
    prefix,
    pageSize,
    // An object can be deleted between the two reads.
    objects: page.flatMap((key) => shelf.about({ bucket: call.bucket, key }) ?? []),
    ...(last !== undefined && { next: Buffer.from(last).toString('base64url') }),
  });
};

const restore = async (work: S3Work): Promise<HttpAnswer> => {
  const { shelf, call, bucket, body, now, restoreDelayMs } = work;
  const about = found(work);
  const resource = `${bucket.arn}/${call.key}`;
  const days = Number(/<Days>(\d{1,4})<\/Days>/.exec(body.toString())?.[1]);
  if (!(days >= 1))
    throw new S3Refusal(400, 'MalformedXML', `The request to restore ${resource} must name its Days.`);
  if (about.storageClass !== OFFLINE)
    throw new S3Refusal(
      403,
      'InvalidObjectState',
      `${resource} has the class ${about.storageClass} and needs no restore.`,
    );
  const isKnown = about.restore !== undefined && now < about.restore.until;
  if (isKnown && !isReadable(about, now))
    throw new S3Refusal(409, 'RestoreAlreadyInProgress', `${resource} is being restored.`);
  const readyAt = isKnown ? about.restore.readyAt : now + restoreDelayMs;
  await shelf.restore(call, { readyAt, until: Math.max(now, readyAt) + days * DAY_MS });
  return emptyAnswer(isKnown ? 200 : 202);
};

const remove = async ({ shelf, call }: S3Work): Promise<HttpAnswer> => {
  await shelf.remove(call);
  return emptyAnswer(204);
};

const OPERATIONS = { put, get, head, list, restore, delete: remove } as const satisfies Record<
  S3Call['operation'],
  (work: S3Work) => HttpAnswer | Promise<HttpAnswer>
>;

/**
 * Does what a permitted call asks for.
 * @throws S3Refusal that names the resource; UnusableKey
 */
export const perform = async (work: S3Work): Promise<HttpAnswer> => OPERATIONS[work.call.operation](work);
