import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { withFewEntries } from '#lib/store/chains.ts';
import { connect } from '#lib/store/connection.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { modelOf } from '#lib/store/models/models.ts';
import { outdatedUses, WALKED, type Walked } from './key-uses.ts';

/** Some records of one business that lean on the same keys, by the ids of their customers. */
export type Outdated = Readonly<{
  collection: Walked;
  use: string;
  businessId: string;
  customerIds: readonly string[];
}>;

type Row = { _id: Types.ObjectId; customerId?: Types.ObjectId; auditSeq: number };
type Stretch = Readonly<{ collection: Walked; use: string; businessId: Types.ObjectId }>;

/**
 * Walks everything once that is not as this keyring would write it, business by business. What is rewritten meanwhile
 * leaves the index's stretch that is walked; what could not be rewritten is passed by. What somebody changes meanwhile
 * leans on a key more, and so stands in another stretch: it is walked there.
 * @param size how many customers are found at once, at most
 */
export async function* findOutdated(
  { ring, size }: { ring: Keyring; size: number },
  scope: SystemScope,
): AsyncGenerator<Outdated> {
  for (const collection of WALKED) {
    const walked = new Set<string>();
    for (;;) {
      // With a key more, a use sorts before the one it was: what changes is still to come when the last ones come first.
      const next = (await outdatedUses(collection, ring, scope)).findLast((use) => !walked.has(use));
      if (next === undefined) break;
      walked.add(next);
      yield* outdatedWith(next, { collection, size }, scope);
    }
  }
}

async function* outdatedWith(
  use: string,
  { collection, size }: { collection: Walked; size: number },
  scope: SystemScope,
): AsyncGenerator<Outdated> {
  for await (const businessId of businessesWith(collection, use, scope)) {
    const stretch = { collection, use, businessId };
    for await (const customerIds of batchesOf(stretch, size, scope))
      yield { collection, use, businessId: businessId.toHexString(), customerIds };
  }
}

const BEFORE_ALL = new Types.ObjectId('0'.repeat(24));

async function* businessesWith(
  collection: Walked,
  keyUse: string,
  scope: SystemScope,
): AsyncGenerator<Types.ObjectId> {
  const records = modelOf(await connect(), collection);
  for (let last = BEFORE_ALL; ;) {
    const [next] = await records
      .find({ keyUse, businessId: { $gt: last } })
      .sort({ businessId: 1 })
      .limit(1)
      .select({ _id: 0, businessId: 1 })
      .setOptions(askedBy(scope))
      .lean<{ businessId: Types.ObjectId }[]>();
    if (next === undefined) return;
    last = next.businessId;
    yield last;
  }
}

async function* batchesOf(
  { collection, use: keyUse, businessId }: Stretch,
  size: number,
  scope: SystemScope,
): AsyncGenerator<string[]> {
  const records = modelOf(await connect(), collection);
  const id = collection === 'erasure' ? '_id' : 'customerId';
  for (let last = BEFORE_ALL; ;) {
    const found = await records
      .find({ keyUse, businessId, [id]: { $gt: last } })
      .sort({ [id]: 1 })
      .limit(size)
      .select({ customerId: 1, auditSeq: 1 })
      .setOptions(askedBy(scope))
      .lean<Row[]>();
    const batch = withFewEntries(found);
    const end = batch.at(-1);
    if (end === undefined) return;
    last = end.customerId ?? end._id;
    yield batch.map(({ _id, customerId = _id }) => customerId.toHexString());
  }
}
