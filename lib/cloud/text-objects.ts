import { isObjectStoreError } from './object-store-error.ts';
import type { ObjectStore } from './object-store.ts';

/** The keys that begin with a prefix and come after another one, in the order of their bytes. */
export async function* keysAfter(
  store: ObjectStore,
  { prefix, after = '' }: Readonly<{ prefix: string; after?: string | undefined }>,
  deadline: number,
): AsyncGenerator<string> {
  let from: string | undefined;
  do {
    const page = await store.list({ prefix, ...(from !== undefined && { from }) }, deadline);
    for (const { key } of page.objects) if (key > after) yield key;
    from = page.next;
  } while (from !== undefined);
}

/** The text of an object; null when its bytes do not match its checksum. */
export const readText = async (store: ObjectStore, key: string, deadline: number): Promise<string | null> => {
  try {
    return (await store.get(key, deadline)).body.toString();
  } catch (error) {
    if (isObjectStoreError(error, 'corrupt')) return null;
    throw error;
  }
};
