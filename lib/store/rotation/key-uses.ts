import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { keyUseOf, keysNeeded } from '#lib/privacy/key-use.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { connect } from '#lib/store/connection.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { modelOf } from '#lib/store/models/models.ts';

/** The collections whose records say which keys they lean on: a link stands for its customer and their history too. */
export const WALKED = ['customer_link', 'erasure'] as const;
export type Walked = (typeof WALKED)[number];

/** The master keys of a ring, as a business's keys name them. */
const idsOf = ({ current, keys }: Keyring): Pick<BusinessKeys, 'currentKeyId' | 'keyIds'> => ({
  currentKeyId: current,
  keyIds: [...keys.keys()],
});

/** The use that everything has once it is written by this keyring alone. */
export const keyUseOfRing = (ring: Keyring): string => keyUseOf(idsOf(ring));

/** Whether a record with this use is as this keyring would write it. An erasure record has no blind index to renew. */
export const isUpToDate = (use: string, collection: Walked, ring: Keyring): boolean =>
  collection === 'erasure' ? leansOnCurrentOnly(use, ring) : use === keyUseOfRing(ring);

/** Whether everything with this use can be read with the current key alone. */
export const leansOnCurrentOnly = (use: string, { current }: Keyring): boolean =>
  keysNeeded(use)?.every((keyId) => keyId === current) === true;

/** The different uses in a collection: a handful, each one step further on the index. */
const usesIn = async (collection: Walked, scope: SystemScope): Promise<string[]> => {
  const connection = await connect();
  const uses: string[] = [];
  for (let bound: object = { $gte: '' }; ; bound = { $gt: uses.at(-1) }) {
    const [next] = await modelOf(connection, collection)
      .find({ keyUse: bound })
      .sort({ keyUse: 1 })
      .limit(1)
      .select({ _id: 0, keyUse: 1 })
      .setOptions(askedBy(scope))
      .lean<{ keyUse: string }[]>();
    if (next === undefined) return uses;
    uses.push(next.keyUse);
  }
};

/** The uses in a collection that are not as this keyring would write them. */
export const outdatedUses = async (
  collection: Walked,
  ring: Keyring,
  scope: SystemScope,
): Promise<string[]> => (await usesIn(collection, scope)).filter((use) => !isUpToDate(use, collection, ring));

/** How many records of a collection need a key that is not the current one; null where nobody knows which. */
export type Left = Readonly<{ keyId: string | null; collection: string; records: number }>;

/** What still needs which old key. A key that is not named here is needed by nothing. */
export const countLeft = async (ring: Keyring, scope: SystemScope): Promise<Left[]> => {
  const left: Left[] = [];
  for (const collection of WALKED) {
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

const countUse = async (collection: Walked, keyUse: string, scope: SystemScope): Promise<number> =>
  await modelOf(await connect(), collection)
    .countDocuments({ keyUse, businessId: EVERY_ID })
    .setOptions(askedBy(scope));

const EVERY_ID = { $gte: new Types.ObjectId('0'.repeat(24)) };

/** Recorded answers live for a day: they are waited for. */
const countAnswers = async (ring: Keyring, scope: SystemScope): Promise<Left[]> => {
  const answers = modelOf(await connect(), 'idempotency');
  const left: Left[] = [];
  for (const keyId of ring.keys.keys()) {
    if (keyId === ring.current) continue;
    const records = await answers
      .countDocuments({ keyId, expiresAt: { $gt: new Date() } })
      .setOptions(askedBy(scope));
    left.push({ keyId, collection: 'idempotency', records });
  }
  return left;
};
