import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import { bytesOf } from './bytes.ts';
import { openChain, readChains, type Snapshot, troubleOf, withFewEntries } from './chains.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { readKeyringNow } from './keys.ts';
import { modelOf } from './models/models.ts';
import { inTransaction } from './transaction.ts';

/** A customer of a business, be it one that is gone for good. */
export type Place = Readonly<{ businessId: string; customerId: string }>;

/** A customer whose history does not verify. */
export type Flawed = Place & Readonly<{ trouble: 'broken-history' | 'key-missing' }>;

/** Some histories of one business, checked; the walk goes on after the last one. */
export type Checked = Readonly<{ last: Place; checked: number; flawed: readonly Flawed[] }>;

export type Walk = Readonly<{
  /** Every business when it is absent. */
  businessId?: string | undefined;
  after?: Place | undefined;
  /** How many histories are checked at once, at most. */
  size: number;
}>;

const BEFORE_ALL = '0'.repeat(24);

/**
 * Verifies the histories of all customers of a business, or of every business, in order of their ids: of those that are
 * there, and of those that are gone and left their head in an erasure record.
 */
export async function* checkHistories(
  { businessId, after, size }: Walk,
  scope: SystemScope,
): AsyncGenerator<Checked> {
  let last = after ?? { businessId: businessId ?? BEFORE_ALL, customerId: BEFORE_ALL };
  for (;;) {
    const batch = await checkBatch(last, size, scope);
    if (batch !== null) {
      yield batch;
      last = batch.last;
      continue;
    }
    const next = businessId === undefined ? await businessAfter(last.businessId, scope) : null;
    if (next === null) return;
    last = { businessId: next, customerId: BEFORE_ALL };
  }
}

/** The next business that has customers, or had. */
const businessAfter = async (businessId: string, scope: SystemScope): Promise<string | null> => {
  const connection = await connect();
  const found: string[] = [];
  for (const collection of ['customer_link', 'erasure'] as const) {
    const [next] = await modelOf(connection, collection)
      .find({ businessId: { $gt: new Types.ObjectId(businessId) } })
      .sort({ businessId: 1 })
      .limit(1)
      .select({ _id: 0, businessId: 1 })
      .setOptions(askedBy(scope))
      .lean<{ businessId: Types.ObjectId }[]>();
    if (next !== undefined) found.push(next.businessId.toHexString());
  }
  return found.sort()[0] ?? null;
};

const checkBatch = async (after: Place, size: number, scope: SystemScope): Promise<Checked | null> => {
  const connection = await connect();
  const { businessId } = after;
  const { heads, chains } = await inTransaction(connection, scope, async (session) => {
    // What a batch read is not kept for the next.
    const snapshot = { connection, session, scope: scope.again() };
    const found = await headsAfter(after, size, snapshot);
    const customerIds = [...new Set(found.map(({ customerId }) => customerId))];
    const read = found.length === 0 ? null : await readChains({ businessId, customerIds }, snapshot);
    return { heads: found, chains: read };
  });
  const end = heads.at(-1);
  if (end === undefined) return null;
  // Read after what it has to open: a key that sealed any of it is there.
  const keys = businessKeys(await readKeyringNow(), businessId);
  const flawed = heads.flatMap(({ customerId, auditSeq, auditHead }): Flawed[] => {
    const entries = chains?.get(customerId) ?? [];
    if (openChain(keys, entries, { seq: auditSeq, hash: auditHead }).verified) return [];
    return [{ businessId, customerId, trouble: troubleOf(keys, entries) }];
  });
  return { last: { businessId, customerId: end.customerId }, checked: heads.length, flawed };
};

type Head = Readonly<{ customerId: string; auditSeq: number; auditHead: Buffer }>;
type Row = { _id: Types.ObjectId; customerId?: Types.ObjectId; auditSeq: number; auditHead: Buffer };

/** Where the chains of the next customers end: in a link, or in what is left of one. */
const headsAfter = async (
  { businessId, customerId }: Place,
  size: number,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<readonly Head[]> => {
  const found: Head[] = [];
  for (const [collection, id] of [
    ['customer_link', 'customerId'],
    ['erasure', '_id'],
  ] as const) {
    const rows = await modelOf(connection, collection)
      .find({ businessId: new Types.ObjectId(businessId), [id]: { $gt: new Types.ObjectId(customerId) } })
      .sort({ [id]: 1 })
      .limit(size)
      .select({ customerId: 1, auditSeq: 1, auditHead: 1 })
      .session(session)
      .setOptions(askedBy(scope))
      .lean<Row[]>();
    found.push(...rows.map(toHead));
  }
  const inOrder = found.sort((one, other) => (one.customerId < other.customerId ? -1 : 1));
  const end = withFewEntries(inOrder.slice(0, size)).at(-1)?.customerId ?? '';
  // One that a backup brought back has both a link and an erasure record: they are not to be parted.
  return inOrder.filter((head) => head.customerId <= end);
};

const toHead = ({ _id, customerId = _id, auditSeq, auditHead }: Row): Head => ({
  customerId: customerId.toHexString(),
  auditSeq,
  auditHead: bytesOf(auditHead),
});
