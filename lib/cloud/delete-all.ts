import type { ObjectStore } from './object-store.ts';

/** Deletes every object whose key begins with a prefix. Throws what the operations of the store throw. */
export const deleteAll = async (
  objects: Pick<ObjectStore, 'list' | 'delete'>,
  prefix: string,
  deadline: number,
): Promise<void> => {
  for (let from: string | undefined; ;) {
    const page = await objects.list({ prefix, ...(from !== undefined && { from }) }, deadline);
    for (const { key } of page.objects) await objects.delete(key, deadline);
    if (page.next === undefined) return;
    from = page.next;
  }
};
