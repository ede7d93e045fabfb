import type { StorageClass } from './object.ts';
import { deleteAll } from './delete-all.ts';
import { objectStore } from './object-store.ts';
import { isObjectStoreError, ObjectStoreError } from './object-store-error.ts';

/** For how long a restored object can be read, in days. */
const RESTORED_DAYS = 2;

/** An object to store. `sha256` is in base64. */
type ToStore = Readonly<{ key: string; body: Buffer; sha256: string }>;

/** The objects of a bucket that may be the only place of what they hold. Each operation throws what that of the store throws. */
export const comparedObjects = (bucket: string, storageClass: StorageClass) => {
  const objects = objectStore(bucket);
  return {
    /**
     * Stores an object and compares what the bucket has with it. One that cannot be read at once is compared by its hash, which
     * the bucket has made of what it got. Throws `corrupt` when they differ.
     */
    store: async ({ key, body, sha256 }: ToStore, deadline: number): Promise<void> => {
      await objects.put({ key, body, storageClass }, deadline);
      const isSame =
        storageClass === 'GLACIER'
          ? (await objects.head(key, deadline)).sha256 === sha256
          : (await objects.get(key, deadline)).body.equals(body);
      if (!isSame) throw new ObjectStoreError('corrupt', { bucket, key });
    },

    /** The content of an object. Null while it cannot be read: then the bucket restores it, which takes hours. */
    read: async (key: string, deadline: number): Promise<Buffer | null> => {
      try {
        return (await objects.get(key, deadline)).body;
      } catch (error) {
        if (!isObjectStoreError(error, 'archived')) throw error;
        await objects.restore({ key, days: RESTORED_DAYS }, deadline);
        return null;
      }
    },

    delete: (key: string, deadline: number): Promise<void> => objects.delete(key, deadline),

    deleteAll: (prefix: string, deadline: number): Promise<void> => deleteAll(objects, prefix, deadline),
  };
};
export type ComparedObjects = ReturnType<typeof comparedObjects>;
