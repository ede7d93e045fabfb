import { createServer, type IncomingMessage } from 'node:http';
import type { BucketDefinition, FunctionDefinition } from '../assembly/definitions.ts';
import { type HttpAnswer, send } from '../http-api/http-answer.ts';
import { readBody, readHead } from '../http-api/http-request.ts';
import { accessKeyIdOf, Callers } from '../lambda/callers.ts';
import { closeServer, listen } from '../listen.ts';
import { UnusableKey } from './object-place.ts';
import { type ObjectAbout, ObjectShelf } from './object-shelf.ts';
import { refusalAnswer, S3Refusal } from './s3-answer.ts';
import { readCall, type S3Head } from './s3-call.ts';
import { perform } from './s3-operations.ts';
import { absent, demandPermission } from './s3-permission.ts';

/** An object as `GET /_local/objects` returns it. */
export type ListedObject = Readonly<{
  bucket: string;
  key: string;
  bytes: number;
  storageClass: string;
  /** ISO 8601. */
  at: string;
}>;

/** The buckets of this machine, played for all environments. */
export type ObjectEndpoint = Readonly<{
  url: string;
  /** Makes an access key id for an environment; it tells the endpoint which function's grants apply. */
  openSession: Callers['openSession'];
  /** Every object, or those of one bucket. */
  list: (bucket?: string) => readonly ListedObject[];
  stop: () => Promise<void>;
}>;

export type ObjectEndpointOptions = Readonly<{
  buckets: readonly BucketDefinition[];
  /** Holds a folder for each bucket. */
  folder: string;
  /** How long a restore takes. */
  restoreDelayMs: number;
  /** Takes a line for each refused call, with the name of the function that made it. */
  log: (functionName: string, line: string) => void;
  /** Those of all endpoints. Default: of this one only. */
  callers?: Callers;
  /** Milliseconds since the epoch. */
  now?: () => number;
}>;

/** Far more than a function has memory for. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;

type Setting = ObjectEndpointOptions & Readonly<{ shelf: ObjectShelf; now: () => number }>;
type Request = Readonly<{ head: S3Head; message: IncomingMessage; caller: FunctionDefinition | undefined }>;

const answerTo = async ({ head, message, caller }: Request, setting: Setting): Promise<HttpAnswer> => {
  const body = await readBody(message, LARGEST_BODY_BYTES);
  if (caller === undefined)
    throw new S3Refusal(
      403,
      'InvalidAccessKeyId',
      `${head.method} ${head.path} is not signed by an environment of this machine.`,
    );
  const call = readCall(head);
  const bucket = setting.buckets.find(({ name }) => name === call.bucket);
  if (bucket === undefined)
    throw new S3Refusal(404, 'NoSuchBucket', `There is no bucket ${call.bucket} in the synthesized stacks.`);
  if (body === undefined)
    throw new S3Refusal(400, 'EntityTooLarge', `The body for ${bucket.arn}/${call.key} is too large.`);
  demandPermission(caller, call, bucket);
  const { shelf, now, restoreDelayMs } = setting;
  return perform({
    call,
    head,
    body,
    bucket,
    shelf,
    now: now(),
    restoreDelayMs,
    absent: () => absent(caller, call, bucket),
  });
};

const refusalOf = (error: unknown, head: S3Head): S3Refusal => {
  if (error instanceof S3Refusal) return error;
  if (error instanceof UnusableKey)
    return new S3Refusal(400, 'InvalidArgument', `${error.message} Path: ${head.path}`);
  return new S3Refusal(500, 'InternalError', `The local bucket failed: ${String(error)}`);
};

const listObjects = ({ buckets, shelf }: Setting, only?: string): ListedObject[] =>
  buckets
    .map(({ name }) => name)
    .filter((bucket) => only === undefined || bucket === only)
    .flatMap((bucket) => shelf.keys(bucket).flatMap((key) => listed(bucket, shelf.about({ bucket, key }))));

const listed = (bucket: string, about: ObjectAbout | undefined): ListedObject[] => {
  if (about === undefined) return [];
  const { key, bytes, storageClass, at } = about;
  return [{ bucket, key, bytes, storageClass, at: new Date(at).toISOString() }];
};

/** Starts the endpoint on 127.0.0.1. A function can do only what its role allows, as on AWS. */
export const startObjectEndpoint = async (options: ObjectEndpointOptions): Promise<ObjectEndpoint> => {
  const setting = { now: Date.now, ...options, shelf: new ObjectShelf(options.folder) };
  const { callers = new Callers() } = options;
  const server = createServer((message, response) => {
    const head = readHead(message);
    const caller = callers.of(accessKeyIdOf(head));
    answerTo({ head, message, caller }, setting)
      .catch((error: unknown) => {
        const refusal = refusalOf(error, head);
        // A caller that went away in the middle of its request is no error.
        if (message.complete) options.log(caller?.name ?? 'buckets', `${refusal.code}: ${refusal.message}`);
        return refusalAnswer(refusal, head.path);
      })
      .then(
        (answer) => {
          send(response, answer);
        },
        () => response.destroy(),
      );
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    openSession: (caller) => callers.openSession(caller),
    list: (bucket) => listObjects(setting, bucket),
    stop: () => closeServer(server),
  };
};
