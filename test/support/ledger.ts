import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectEndpoint, startObjectEndpoint } from '#infra/local/objects/object-endpoint.ts';
import { ObjectShelf } from '#infra/local/objects/object-shelf.ts';
import { bucket, caller } from './object-endpoint.ts';

const BUCKET = 'ledger';

/** The ledger of a test's service: a bucket on this machine, for the functions in this process. */
export type Ledger = Readonly<{
  /** Every key, in the order of its bytes. */
  keys: () => string[];
  text: (key: string) => string;
  /** Every line of every file, parsed. */
  lines: () => any[];
  put: (key: string, text: string) => Promise<void>;
  /** Puts bytes that do not match their checksum. */
  damage: (key: string) => Promise<void>;
  /** Lets the functions do this and nothing else with the bucket; everything, without a list. */
  allow: (...actions: string[]) => void;
  stop: ObjectEndpoint['stop'];
}>;

/** @param around a folder of the test */
export const startLedger = async (around: string): Promise<Ledger> => {
  const folder = join(around, 'objects');
  mkdirSync(folder);
  let allowed: readonly string[] = [];
  const endpoint = await startObjectEndpoint({
    buckets: [bucket(BUCKET, true)],
    folder,
    restoreDelayMs: 0,
    log: () => undefined,
  });
  const { accessKeyId } = endpoint.openSession(
    caller((action) => allowed.length === 0 || allowed.includes(action)),
  );
  Object.assign(process.env, {
    LEDGER_BUCKET: BUCKET,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_ENDPOINT_URL_S3: endpoint.url,
    AWS_REGION: 'eu-central-1',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const shelf = new ObjectShelf(folder);
  const keys = () => shelf.keys(BUCKET);
  const text = (key: string) => shelf.body({ bucket: BUCKET, key }).toString();
  const put = (key: string, content: string, checked: string) => {
    const sha256 = createHash('sha256').update(checked).digest('base64');
    const about = { sha256, storageClass: 'STANDARD', at: Date.now() };
    return shelf.put({ bucket: BUCKET, key }, Buffer.from(content), about);
  };
  return {
    keys,
    text,
    lines: () =>
      keys().flatMap((key) =>
        text(key)
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    put: (key, content) => put(key, content, content),
    damage: (key) => put(key, 'damaged', 'whole'),
    allow: (...actions) => {
      allowed = actions;
    },
    stop: endpoint.stop,
  };
};
