import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { BucketDefinition, FunctionDefinition } from '#infra/local/assembly/definitions.ts';
import { type ObjectEndpoint, startObjectEndpoint } from '#infra/local/objects/object-endpoint.ts';

export const RESTORE_MS = 60_000;
const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_ENDPOINT_URL_S3', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY'];

export const bucket = (name: string, isLocked: boolean): BucketDefinition => ({
  name,
  arn: `arn:aws:s3:::${name}`,
  keyArn: `arn:aws:kms:eu-central-1:000000000000:${name}-key`,
  isLocked,
});
export const BUCKETS = [bucket('things', false), bucket('locked-things', true)];

/** A function that may do what `mayDo` says. */
export const caller = (mayDo: FunctionDefinition['mayDo']): FunctionDefinition => ({
  name: 'a-function',
  arn: 'arn',
  path: 'path',
  folder: '',
  handler: '',
  timeoutMs: 1,
  memoryMb: 1,
  environment: {},
  logGroup: '',
  mayDo,
});

/** Plays two buckets for the tests of a file, whose process gets the environment of one function. */
export const useObjectEndpoint = () => {
  const around = mkdtempSync(join(tmpdir(), 'objects-'));
  const folder = join(around, 'objects');
  mkdirSync(folder);
  const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  const log: string[] = [];
  const state = { now: Date.UTC(2030, 0, 1), mayDo: (() => true) as FunctionDefinition['mayDo'] };
  let endpoint: ObjectEndpoint | undefined;
  const running = (): ObjectEndpoint => {
    if (endpoint === undefined) throw new Error('The endpoint runs from beforeAll to afterAll.');
    return endpoint;
  };
  beforeAll(async () => {
    endpoint = await startObjectEndpoint({
      buckets: BUCKETS,
      folder,
      restoreDelayMs: RESTORE_MS,
      log: (name, line) => log.push(`${name}  ${line}`),
      now: () => state.now,
    });
    const { accessKeyId } = endpoint.openSession(caller((...asked) => state.mayDo(...asked)));
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_ENDPOINT_URL_S3: endpoint.url,
      AWS_REGION: 'eu-central-1',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });
  afterAll(async () => {
    for (const name of NAMES) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await running().stop();
    rmSync(around, { recursive: true });
  });
  return {
    folder,
    log,
    state,
    get endpoint() {
      return running();
    },
  };
};
