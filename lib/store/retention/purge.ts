import { type mongo, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { DueOfBusiness } from '#lib/domain/retention/purge-share.ts';
import {
  type CustomerLinkDocument,
  PURGE_INDEX,
  TYPE_STATE_INDEX,
} from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { BEGINNING, readDatabaseNow } from '#lib/store/database/database-clock.ts';
import { inTaskTransaction } from '#lib/store/database/task-transaction.ts';
import { type MassWrite, sendWrites, type Transaction, type Write } from '#lib/store/database/write.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** All conditions for deleting a link, at a time by the database's clock. The selection and the delete both name them. */
const dueAt = (databaseNow: Date) =>
  ({
    purgeAfter: { $gte: BEGINNING, $lte: databaseNow },
    state: 'deleted',
    legalHold: { $ne: true },
  }) as const;

/** For each business with customers due to be purged: how many are due, and how many it has in total. */
export const countDue = async (scope: SystemScope): Promise<DueOfBusiness[]> => {
  const connection = await connect();
  const links = modelOf(connection, 'customer_link');
  const databaseNow = await readDatabaseNow(connection, scope);
  const due = await guardedAggregate<{ _id: Types.ObjectId; due: number }>(
    connection,
    'customer_link',
    [{ $match: dueAt(databaseNow) }, { $group: { _id: '$businessId', due: { $sum: 1 } } }],
    { scope, hint: PURGE_INDEX },
  );
  const counted: DueOfBusiness[] = [];
  for (const { _id: businessId, due: count } of due) {
    const total = await links
      .countDocuments({ businessId })
      .setOptions({ ...queryOptions(scope), hint: TYPE_STATE_INDEX });
    counted.push({ businessId: businessId.toHexString(), due: count, total });
  }
  return counted;
};

/**
 * Purges up to `size` due customers, longest due first, in one transaction: adds erasure records and tombstones, deletes
 * the links that are due, then the customers. A killed run leaves only whole batches.
 * @returns how many were purged; 0 when none is due
 * @throws Conflict when another copy of the task works on the same customers until the deadline
 */
export const purgeBatch = async (size: number, scope: SystemScope): Promise<number> => {
  const connection = await connect();
  return await inTaskTransaction(
    scope,
    'Another copy of this task purged the same customers.',
    async (session, batchScope) => {
      const databaseNow = await readDatabaseNow(connection, batchScope);
      return await purgeIn({ connection, session }, { size, databaseNow }, batchScope);
    },
  );
};

/** The fields that are read of a link: what its purge leaves behind. */
export const KEPT_FIELDS = {
  businessId: 1,
  customerId: 1,
  version: 1,
  mergedInto: 1,
  auditSeq: 1,
  auditHead: 1,
  auditSeal: 1,
  keyUse: 1,
} as const;

type DueLink = Pick<CustomerLinkDocument, '_id' | keyof typeof KEPT_FIELDS>;

/** Fails when a customer has changed since the transaction began, for example was restored. Then nothing is deleted. */
const purgeIn = async (
  transaction: Transaction,
  { size, databaseNow }: { size: number; databaseNow: Date },
  scope: SystemScope,
): Promise<number> => {
  const links = await modelOf(transaction.connection, 'customer_link')
    .find(dueAt(databaseNow))
    .select(KEPT_FIELDS)
    .sort({ purgeAfter: 1, customerId: 1 })
    .hint(PURGE_INDEX)
    .limit(size)
    .session(transaction.session)
    .setOptions(queryOptions(scope))
    .lean<DueLink[]>();
  if (links.length === 0) return 0;
  const writes = [...records(links, databaseNow), ...removals(links, databaseNow)];
  await sendWrites(writes, transaction, scope);
  return links.length;
};

/** The records that remain of purged customers, and their events. A customer restored from a backup has its records. */
const records = (links: readonly DueLink[], at: Date): (Write | MassWrite)[] => [
  ...links.map((link): MassWrite => {
    const { customerId: _id, businessId } = link;
    const document = {
      ...{ _id, businessId, at, cause: 'retention' as const, unledgered: true as const },
      ...keptOf(link),
    };
    return { insertOnceInto: 'erasure', document };
  }),
  // `finish-erasures` removes the rest, for example the reasons in the history: also what a backup brought back.
  reopened(links),
  ...links.map(({ customerId: _id, businessId }): MassWrite => ({
    insertOnceInto: 'tombstone',
    document: { _id, businessId, at },
  })),
  ...links.map(({ customerId, businessId, version, auditSeq }): Write => ({
    insertInto: 'outbox',
    document: {
      _id: new Types.ObjectId(),
      type: 'customer-purged',
      businessId,
      customerId,
      // No entry goes with it: this task has no keys. The number is that of the entry there would be.
      seq: auditSeq + 1,
      version,
      state: 'deleted',
      at,
      pending: true,
    },
  })),
];

const reopened = (links: readonly DueLink[]): MassWrite => ({
  updateAllOf: 'erasure',
  filter: { _id: { $in: links.map(({ customerId }) => customerId) } },
  change: { $set: { open: true } },
});

/** The head of the history stays as it is: this task has no keys, so it can neither seal it nor add an entry. */
export const keptOf = ({ auditSeq, auditHead, auditSeal, version, keyUse = '', mergedInto }: DueLink) => ({
  ...{ auditSeq, auditHead: bytesOf(auditHead), version, keyUse },
  ...(mergedInto !== undefined && { mergedInto }),
  ...(auditSeal !== undefined && { auditSeal: bytesOf(auditSeal) }),
});

const removals = (links: readonly DueLink[], databaseNow: Date): MassWrite[] => {
  const ofThem: mongo.Document = { $in: links.map(({ customerId }) => customerId) };
  return [
    {
      deleteAllFrom: 'customer_link',
      filter: { _id: { $in: links.map(({ _id }) => _id) }, ...dueAt(databaseNow) },
    },
    shredding(ofThem),
    ...customersAndMerges(ofThem),
  ];
};

/** Without its key, nobody can read what the archive has. `finish-erasures` deletes the object. */
export const shredding = (ofThem: mongo.Document): MassWrite => ({
  updateAllOf: 'archive',
  filter: { _id: ofThem },
  change: { $unset: { dataKey: '' } },
});

/** An undo record holds data of both customers of a merge, so it is deleted with either of them. */
export const customersAndMerges = (ofThem: mongo.Document): MassWrite[] => [
  { deleteAllFrom: 'customer', filter: { _id: ofThem } },
  { deleteAllFrom: 'merge', filter: { _id: ofThem } },
  { deleteAllFrom: 'merge', filter: { survivorId: ofThem } },
];
