import { Types } from 'mongoose';
import type { Stored } from './stored.ts';

/** Adds records of finished purges to a business, as far as a receipt reads them, and returns their ids. */
export const addErasures = async (
  { database }: Stored,
  businessId: string,
  ids: readonly string[],
): Promise<void> => {
  const at = new Date('2026-11-01T00:00:00.000Z');
  await database.collection('erasure').insertMany(
    ids.map((id) => ({
      _id: new Types.ObjectId(id),
      businessId: new Types.ObjectId(businessId),
      ...{ at, cause: 'retention', finishedAt: at, keyUse: '', auditSeq: 1, auditHead: Buffer.alloc(32) },
    })),
  );
};

/** How often each of these erasures was confirmed. */
export const confirmations = async ({ database }: Stored, ids: readonly string[]): Promise<number[]> => {
  const found = await database
    .collection('erasure')
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } })
    .toArray();
  const byId = new Map(found.map(({ _id, confirmed }) => [String(_id), (confirmed ?? []).length as number]));
  return ids.map((id) => byId.get(id) ?? 0);
};
