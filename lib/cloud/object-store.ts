import type { S3Client } from '@aws-sdk/client-s3';
import { remainingMs } from '#lib/runtime/deadline.ts';
import { lazy } from '#lib/runtime/lazy.ts';
import type { NewObject, ObjectHead, ObjectPage, StoredObject } from './object.ts';
import type * as Calls from './object-calls.ts';
import { ObjectStoreError, isObjectStoreError } from './object-store-error.ts';

/**
 * The objects of one bucket. Every operation ends at `deadline`, in milliseconds since the epoch, and throws
 * ObjectStoreError: `denied` or `unavailable`, and what else it names.
 */
export type ObjectStore = Readonly<{
  /** Stores an object, or a newer version of it. The bucket compares the content with its hash: `corrupt`. */
  put: (object: NewObject, deadline: number) => Promise<void>;
  /** Throws `absent`, `archived` or `corrupt`. */
  get: (key: string, deadline: number) => Promise<StoredObject>;
  /** Throws `absent`. */
  head: (key: string, deadline: number) => Promise<ObjectHead>;
  /** Also succeeds when there is no such object. Older versions stay as long as the bucket keeps them. */
  delete: (key: string, deadline: number) => Promise<void>;
  /** The keys that begin with the prefix, at most 1,000 a page, in the order of their bytes. */
  list: (of: Readonly<{ prefix: string; from?: string }>, deadline: number) => Promise<ObjectPage>;
  /** Asks that an object of the class `GLACIER` can be read for some days. Asking twice is as good as once. Throws `absent`. */
  restore: (of: Readonly<{ key: string; days: number }>, deadline: number) => Promise<void>;
}>;

type Loaded = Readonly<{ calls: typeof Calls; client: S3Client }>;

/** The SDK is loaded by the first operation, because it takes longer than many a run that needs no object. */
const loaded = lazy(async (): Promise<Loaded> => {
  const [calls, { makeClient }] = await Promise.all([import('./object-calls.ts'), import('./s3-client.ts')]);
  return { calls, client: makeClient() };
});

/** No operation waits longer than this, however late its deadline is. */
const LONGEST_MS = 20_000;

type Place = Readonly<{ bucket: string; key: string }>;
type Operation<T> = (loaded: Loaded, signal: AbortSignal) => Promise<T>;

const run = async <T>(place: Place, deadline: number, operation: Operation<T>): Promise<T> => {
  const ready = await loaded.get();
  const signal = AbortSignal.timeout(Math.min(LONGEST_MS, remainingMs(deadline)));
  try {
    return await operation(ready, signal);
  } catch (error) {
    const code = signal.aborted ? 'unavailable' : ready.calls.problemOf(error);
    throw code === undefined ? error : new ObjectStoreError(code, place, error);
  }
};

/**
 * The store of a bucket.
 * @param bucket its name, from the environment
 */
export const objectStore = (bucket: string): ObjectStore => {
  const list: ObjectStore['list'] = ({ prefix, from }, deadline) =>
    run({ bucket, key: `${prefix}*` }, deadline, ({ calls, client }, signal) =>
      calls.list(client, { bucket, prefix, ...(from !== undefined && { from }) }, signal),
    );
  /** S3 answers a read of an absent object with 403 when the role may list only a prefix. The list says which it is. */
  const unlessAbsent = (key: string, deadline: number) => async (error: unknown) => {
    if (!isObjectStoreError(error, 'denied')) throw error;
    const page = await list({ prefix: key }, deadline).catch(() => undefined);
    throw page === undefined || page.objects.some((object) => object.key === key)
      ? error
      : new ObjectStoreError('absent', { bucket, key }, error.cause);
  };
  const on = <T>(key: string, deadline: number, call: (of: Loaded, signal: AbortSignal) => Promise<T>) =>
    run({ bucket, key }, deadline, call);
  return {
    put: (object, deadline) =>
      on(object.key, deadline, ({ calls, client }, signal) =>
        calls.put(client, { bucket, ...object }, signal),
      ),
    get: (key, deadline) =>
      on(key, deadline, ({ calls, client }, signal) => calls.get(client, { bucket, key }, signal)).catch(
        unlessAbsent(key, deadline),
      ),
    head: (key, deadline) =>
      on(key, deadline, ({ calls, client }, signal) => calls.head(client, { bucket, key }, signal)).catch(
        unlessAbsent(key, deadline),
      ),
    delete: (key, deadline) =>
      on(key, deadline, ({ calls, client }, signal) => calls.remove(client, { bucket, key }, signal)),
    list,
    restore: ({ key, days }, deadline) =>
      on(key, deadline, ({ calls, client }, signal) =>
        calls.restore(client, { bucket, key, days }, signal),
      ).catch(unlessAbsent(key, deadline)),
  };
};
