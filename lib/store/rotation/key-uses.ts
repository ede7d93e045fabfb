import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { hasCurrentLayout, keyUseOf, keysNeeded } from '#lib/privacy/key-use.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { connect } from '#lib/store/database/connection.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** The collections whose records say which keys they need. A link includes the needs of its customer and the history. */
export const KEY_USE_COLLECTIONS = ['customer_link', 'erasure'] as const;
export type KeyUseCollection = (typeof KEY_USE_COLLECTIONS)[number];

/** The ids of the master keys of a keyring. */
const idsOf = ({ current, keys }: Keyring): Pick<BusinessKeys, 'currentKeyId' | 'keyIds'> => ({
  currentKeyId: current,
  keyIds: [...keys.keys()],
});

/** The `keyUse` of records that were written with this keyring only. */
export const keyUseOfRing = (ring: Keyring): string => keyUseOf(idsOf(ring));

/** Whether a record with this `keyUse` needs no rewriting. An erasure record has no blind index to renew. */
export const isUpToDate = (use: string, collection: KeyUseCollection, ring: Keyring): boolean =>
  collection === 'erasure' ? isCurrent(use, ring) : use === keyUseOfRing(ring);

/**
 * Whether records with this `keyUse` can be read with the current key alone and have the current layout. At most their
 * blind indexes have to be renewed.
 */
export const isCurrent = (use: string, { current }: Keyring): boolean =>
  hasCurrentLayout(use) && keysNeeded(use)?.every((keyId) => keyId === current) === true;

/** The different values of `keyUse` in a collection. There are few, and each is found by one query on the index. */
const usesIn = async (collection: KeyUseCollection, scope: SystemScope): Promise<string[]> => {
  const connection = await connect();
  const uses: string[] = [];
  for (let bound: object = { $gte: '' }; ; bound = { $gt: uses.at(-1) }) {
    const [next] = await modelOf(connection, collection)
      .find({ keyUse: bound })
      .sort({ keyUse: 1 })
      .limit(1)
      .select({ _id: 0, keyUse: 1 })
      .setOptions(queryOptions(scope))
      .lean<{ keyUse: string }[]>();
    if (next === undefined) return uses;
    uses.push(next.keyUse);
  }
};

/** The values of `keyUse` in a collection whose records need rewriting. */
export const outdatedUses = async (
  collection: KeyUseCollection,
  ring: Keyring,
  scope: SystemScope,
): Promise<string[]> => (await usesIn(collection, scope)).filter((use) => !isUpToDate(use, collection, ring));

/** Counts the records that need rewriting. Live changes make it a little wrong. */
export const countOutdated = async (ring: Keyring, scope: SystemScope): Promise<number> => {
  let records = 0;
  for (const collection of KEY_USE_COLLECTIONS) {
    for (const use of await outdatedUses(collection, ring, scope))
      records += await countUse(collection, use, scope);
  }
  return records;
};

/** How many records of a collection need a key that is not the current one. The key is null when it is unknown. */
export type RemainingUse = Readonly<{ keyId: string | null; collection: string; records: number }>;

/** Counts the records that still need each old key. A key that is not in the result is not needed. */
export const countLeft = async (ring: Keyring, scope: SystemScope): Promise<RemainingUse[]> => {
  const left: RemainingUse[] = [];
  for (const collection of KEY_USE_COLLECTIONS) {
    const byKey = new Map<string | null, number>();
    for (const use of await outdatedUses(collection, ring, scope)) {
      const records = await countUse(collection, use, scope);
      const needed = (keysNeeded(use) ?? [null]).filter((keyId) => keyId !== ring.current);
      for (const keyId of needed) byKey.set(keyId, (byKey.get(keyId) ?? 0) + records);
    }
    for (const [keyId, records] of byKey) left.push({ keyId, collection, records });
  }
  return [...left, ...(await countAnswers(ring, scope))].filter(({ records }) => records > 0);
};

const countUse = async (collection: KeyUseCollection, keyUse: string, scope: SystemScope): Promise<number> =>
  await modelOf(await connect(), collection)
    .countDocuments({ keyUse, businessId: EVERY_ID })
    .setOptions(queryOptions(scope));

const EVERY_ID = { $gte: FIRST_ID };

/** Recorded answers are not rewritten, because they expire after a day. */
const countAnswers = async (ring: Keyring, scope: SystemScope): Promise<RemainingUse[]> => {
  const answers = modelOf(await connect(), 'idempotency');
  const left: RemainingUse[] = [];
  for (const keyId of ring.keys.keys()) {
    if (keyId === ring.current) continue;
    const records = await answers
      .countDocuments({ keyId, expiresAt: { $gt: new Date() } })
      .setOptions(queryOptions(scope));
    left.push({ keyId, collection: 'idempotency', records });
  }
  return left;
};
