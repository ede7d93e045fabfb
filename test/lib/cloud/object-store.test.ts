import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { objectStore } from '#lib/cloud/object-store.ts';
import { isObjectStoreError, ObjectStoreError } from '#lib/cloud/object-store-error.ts';
import { RESTORE_MS, useObjectEndpoint } from '#test/support/object-endpoint.ts';

const local = useObjectEndpoint();
const store = objectStore('things');
const soon = (): number => Date.now() + 30_000;
const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('base64');
const put = (key: string, text = 'text') => store.put({ key, body: Buffer.from(text) }, soon());
const problemOf = async (attempt: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ObjectStoreError) return error.code;
  if (error instanceof Error) throw error;
  throw new Error('It succeeded.');
};

beforeEach(() => {
  local.state.mayDo = () => true;
  local.log.length = 0;
});

describe('an object', () => {
  it('comes back as it was put, byte for byte, with its hash and its class', async () => {
    const body = randomBytes(3_000_000);
    await store.put({ key: 'records/a b+ü%2F&<.gz', body, storageClass: 'GLACIER_IR' }, soon());
    const got = await store.get('records/a b+ü%2F&<.gz', soon());
    expect(got.body.equals(body)).toBe(true);
    expect(got.sha256).toBe(sha256(body));
    expect(await store.head('records/a b+ü%2F&<.gz', soon())).toEqual({
      bytes: 3_000_000,
      storageClass: 'GLACIER_IR',
      sha256: sha256(body),
    });
  });

  it('may be empty', async () => {
    await put('records/empty', '');
    expect((await store.get('records/empty', soon())).body).toHaveLength(0);
  });

  it('is the newest version, and absent after it was deleted, as often as one asks', async () => {
    await put('records/twice', 'one');
    await put('records/twice', 'two');
    expect((await store.get('records/twice', soon())).body.toString()).toBe('two');
    await store.delete('records/twice', soon());
    await store.delete('records/twice', soon());
    expect(await problemOf(store.get('records/twice', soon()))).toBe('absent');
    expect(await problemOf(store.head('records/twice', soon()))).toBe('absent');
    await put('records/twice', 'three');
    expect((await store.get('records/twice', soon())).body.toString()).toBe('three');
  });

  it('can be put into a bucket that locks, which takes it only with a checksum', async () => {
    const locked = objectStore('locked-things');
    await locked.put({ key: 'a', body: Buffer.from('kept') }, soon());
    await locked.delete('a', soon());
    expect(await problemOf(locked.get('a', soon()))).toBe('absent');
    const versions = readdirSync(join(local.folder, 'locked-things', 'a@'));
    expect(versions).toHaveLength(2);
  });

  it('whose bytes changed in the bucket is corrupt', async () => {
    await put('records/changed', 'before');
    const place = join(local.folder, 'things/records/changed@');
    writeFileSync(join(place, readdirSync(place)[0]!, 'body'), 'after!');
    expect(await problemOf(store.get('records/changed', soon()))).toBe('corrupt');
  });
});

describe('an object of the class GLACIER', () => {
  const key = 'records/far';

  it('is archived until it is restored, can be asked for twice, and is archived again after its days', async () => {
    await store.put({ key, body: Buffer.from('far'), storageClass: 'GLACIER' }, soon());
    const head = async () => (await store.head(key, soon())).restore;
    expect(await head()).toBe('none');
    expect(await problemOf(store.get(key, soon()))).toBe('archived');
    await store.restore({ key, days: 2 }, soon());
    await store.restore({ key, days: 2 }, soon());
    expect(await head()).toBe('ongoing');
    local.state.now += RESTORE_MS - 1;
    expect(await problemOf(store.get(key, soon()))).toBe('archived');
    local.state.now += 1;
    expect(await head()).toBe('ready');
    expect((await store.get(key, soon())).body.toString()).toBe('far');
    await store.restore({ key, days: 1 }, soon());
    expect(await head()).toBe('ready');
    local.state.now += 86_400_000;
    expect(await head()).toBe('none');
    expect(await problemOf(store.get(key, soon()))).toBe('archived');
  });

  it('is absent when it is', async () => {
    expect(await problemOf(store.restore({ key: 'records/none', days: 1 }, soon()))).toBe('absent');
  });
});

describe('a list', () => {
  it('has the keys under its prefix in the order of their bytes, in pages of 1,000', async () => {
    const keys = Array.from(
      { length: 2_345 },
      (_, n) => `many/${String((n * 7_919) % 2_345).padStart(5, '0')}`,
    );
    for (let n = 0; n < keys.length; n += 50)
      await Promise.all(keys.slice(n, n + 50).map((key) => put(key, key)));
    await put('many', 'a key that is the folder of others');
    await put('many2/a');
    await put('many/Z/ü');
    const pages: string[][] = [];
    let from: string | undefined;
    do {
      const page = await store.list({ prefix: 'many/', ...(from !== undefined && { from }) }, soon());
      pages.push(page.objects.map(({ key }) => key));
      from = page.next;
    } while (from !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([1_000, 1_000, 346]);
    expect(pages.flat()).toEqual([...keys.sort(), 'many/Z/ü']);
  });

  it('is empty where there is nothing, and ends with a prefix in the middle of a name', async () => {
    expect(await store.list({ prefix: 'none/' }, soon())).toEqual({ objects: [] });
    await put('lists/abc', '12345');
    await put('lists/ad');
    expect(await store.list({ prefix: 'lists/ab' }, soon())).toEqual({
      objects: [{ key: 'lists/abc', bytes: 5 }],
    });
  });
});

describe('a role', () => {
  const only =
    (...allowed: string[]) =>
    (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
      action.startsWith('kms:') || allowed.includes([action, resource, ...Object.values(context)].join(' '));
  const OBJECT = 'arn:aws:s3:::things/records/x';

  it('without the grant is denied, and the log names the resource', async () => {
    await put('records/x');
    local.state.mayDo = only(`s3:PutObject ${OBJECT}`);
    expect(await problemOf(store.get('records/x', soon()))).toBe('denied');
    expect(local.log).toContain(
      `a-function  AccessDenied: a-function is not authorized to perform s3:GetObject on ${OBJECT}: its role does not allow it.`,
    );
    expect(await problemOf(store.head('records/x', soon()))).toBe('denied');
    expect(await problemOf(store.delete('records/x', soon()))).toBe('denied');
    expect(await problemOf(store.list({ prefix: 'records/' }, soon()))).toBe('denied');
    expect(await problemOf(store.restore({ key: 'records/x', days: 1 }, soon()))).toBe('denied');
    expect(await problemOf(put('records/y'))).toBe('denied');
    await put('records/x', 'again');
  });

  it('that may list a prefix only is told that an object is absent, as by S3 with two calls', async () => {
    local.state.mayDo = only(
      's3:GetObject arn:aws:s3:::things/records/no',
      's3:ListBucket arn:aws:s3:::things records/no',
    );
    expect(await problemOf(store.get('records/no', soon()))).toBe('absent');
    expect(await problemOf(store.head('records/no', soon()))).toBe('absent');
    local.state.mayDo = only('s3:GetObject arn:aws:s3:::things/records/no');
    expect(await problemOf(store.get('records/no', soon()))).toBe('denied');
  });

  it('needs the key of the bucket too', async () => {
    await put('records/x');
    const without = (action: string) => (asked: string) => asked !== action;
    local.state.mayDo = without('kms:GenerateDataKey');
    expect(await problemOf(put('records/x'))).toBe('denied');
    expect(local.log.at(-1)).toContain(
      'kms:GenerateDataKey on arn:aws:kms:eu-central-1:000000000000:things-key',
    );
    local.state.mayDo = without('kms:Decrypt');
    expect(await problemOf(store.get('records/x', soon()))).toBe('denied');
  });
});

describe('a problem', () => {
  it('of time is unavailable: the deadline is over', async () => {
    expect(await problemOf(store.get('records/x', Date.now() - 1))).toBe('unavailable');
  });

  it('names bucket and key and not the content, and can be recognised', async () => {
    const error: unknown = await store.get('records/absent', soon()).catch((reason: unknown) => reason);
    expect(isObjectStoreError(error, 'absent')).toBe(true);
    expect(isObjectStoreError(error, 'denied')).toBe(false);
    expect(isObjectStoreError(new Error(), 'absent')).toBe(false);
    expect((error as Error).message).toBe('things/records/absent: There is no such object.');
  });

  it('that is a defect is not renamed: a bucket that does not exist', async () => {
    await expect(objectStore('nowhere').get('a', soon())).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
