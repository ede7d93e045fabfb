import type { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { limitEntries } from '#lib/store/histories/chains.ts';
import { connect } from '#lib/store/database/connection.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { outdatedUses, KEY_USE_COLLECTIONS, type KeyUseCollection } from './key-uses.ts';

/** A batch of records of one business with the same `keyUse`, by the ids of their customers. */
export type Outdated = Readonly<{
  collection: KeyUseCollection;
  use: string;
  businessId: string;
  customerIds: readonly string[];
}>;

type Row = { _id: Types.ObjectId; customerId?: Types.ObjectId; auditSeq: number };
type IndexRange = Readonly<{ collection: KeyUseCollection; use: string; businessId: Types.ObjectId }>;

/**
 * Finds once every record that needs rewriting, business by business, in ranges of the index with the same `keyUse`. A
 * rewritten record leaves the range; one that cannot be rewritten is passed. A record that a live change updates needs one
 * more key, so it moves to another range and is found there.
 * @param size the most customers in one batch
 */
export async function* findOutdated(
  { ring, size }: { ring: Keyring; size: number },
  scope: SystemScope,
): AsyncGenerator<Outdated> {
  for (const collection of KEY_USE_COLLECTIONS) {
    const walked = new Set<string>();
    for (;;) {
      // One more key makes `keyUse` sort earlier. From the last range to the first, changed records are still to come.
      const next = (await outdatedUses(collection, ring, scope)).findLast((use) => !walked.has(use));
      if (next === undefined) break;
      walked.add(next);
      yield* outdatedWith(next, { collection, size }, scope);
    }
  }
}

async function* outdatedWith(
  use: string,
  { collection, size }: { collection: KeyUseCollection; size: number },
  scope: SystemScope,
): AsyncGenerator<Outdated> {
  for await (const businessId of businessesWith(collection, use, scope)) {
    const range = { collection, use, businessId };
    for await (const customerIds of batchesOf(range, size, scope))
      yield { collection, use, businessId: businessId.toHexString(), customerIds };
  }
}

async function* businessesWith(
  collection: KeyUseCollection,
  keyUse: string,
  scope: SystemScope,
): AsyncGenerator<Types.ObjectId> {
  const records = modelOf(await connect(), collection);
  for (let last = FIRST_ID; ;) {
    const [next] = await records
      .find({ keyUse, businessId: { $gt: last } })
      .sort({ businessId: 1 })
      .limit(1)
      .select({ _id: 0, businessId: 1 })
      .setOptions(queryOptions(scope))
      .lean<{ businessId: Types.ObjectId }[]>();
    if (next === undefined) return;
    last = next.businessId;
    yield last;
  }
}

async function* batchesOf(
  { collection, use: keyUse, businessId }: IndexRange,
  size: number,
  scope: SystemScope,
): AsyncGenerator<string[]> {
  const records = modelOf(await connect(), collection);
  const id = collection === 'erasure' ? '_id' : 'customerId';
  for (let last = FIRST_ID; ;) {
    const found = await records
      .find({ keyUse, businessId, [id]: { $gt: last } })
      .sort({ [id]: 1 })
      .limit(size)
      .select({ customerId: 1, auditSeq: 1 })
      .setOptions(queryOptions(scope))
      .lean<Row[]>();
    const batch = limitEntries(found);
    const end = batch.at(-1);
    if (end === undefined) return;
    last = end.customerId ?? end._id;
    yield batch.map(({ _id, customerId = _id }) => customerId.toHexString());
  }
}
