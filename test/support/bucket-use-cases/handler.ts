import type * as z from 'zod';
import { objectStore } from '#lib/cloud/object-store.ts';
import { ObjectStoreError } from '#lib/cloud/object-store-error.ts';
import { optionalSetting } from '#lib/runtime/config.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { moveObjects } from './contracts.ts';

type Input = z.output<typeof moveObjects.input>;

const STORAGE_CLASS = { STANDARD: 'STANDARD', GLACIER: 'GLACIER', GLACIER_IR: 'GLACIER_IR' } as const;
const isKnown = (name: string): name is keyof typeof STORAGE_CLASS => name in STORAGE_CLASS;

const perform = async ({ bucket, call, key, text }: Input, deadline: number): Promise<unknown> => {
  const store = objectStore(optionalSetting(bucket) ?? optionalSetting('FALLBACK') ?? bucket);
  const given = optionalSetting('ARCHIVE_STORAGE_CLASS') ?? '';
  const storageClass = bucket === 'ARCHIVE_BUCKET' && isKnown(given) ? given : 'STANDARD';
  switch (call) {
    case 'put':
      return store.put({ key, body: Buffer.from(text), storageClass }, deadline);
    case 'get':
      return (await store.get(key, deadline)).body.toString();
    case 'head':
      return store.head(key, deadline);
    case 'delete':
      return store.delete(key, deadline);
    case 'list':
      return store.list({ prefix: key }, deadline);
    case 'restore':
      return store.restore({ key, days: 2 }, deadline);
  }
};

/** Answers what the operation gave, or the name of its problem. */
export const handler = serveTask(moveObjects, async (input, { deadline }) => {
  try {
    return { gave: await perform(input, deadline) };
  } catch (error) {
    if (error instanceof ObjectStoreError) return { problem: error.code };
    throw error;
  }
});
