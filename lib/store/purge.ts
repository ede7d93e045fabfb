import { type Connection, type mongo, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { DueOfBusiness } from '#lib/domain/retention.ts';
import { bytesOf } from './bytes.ts';
import { Conflict } from './conflict.ts';
import { connect } from './connection.ts';
import { duplicateKeyOf, meaningOf } from './database-errors.ts';
import { askedBy } from './isolation/asked-by.ts';
import { guardedAggregate } from './isolation/guarded-aggregate.ts';
import { type BulkWrite, guardedBulkWrite } from './isolation/guarded-bulk-write.ts';
import { type CustomerLinkDocument, PURGE_INDEX, TYPE_STATE_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';
import { inTransaction } from './transaction.ts';

/** No link was due before; not every engine walks an index in its order from no bound at all. */
const BEGINNING = new Date(0);

/**
 * What proves that a link may go, by a moment of the database's own clock: a Lambda's clock decides nothing. The
 * selection and the delete both name it whole.
 */
const dueAt = (databaseNow: Date) =>
  ({
    purgeAfter: { $gte: BEGINNING, $lte: databaseNow },
    state: 'deleted',
    legalHold: { $ne: true },
  }) as const;

/** The database's clock; where there is no link to read it by, a moment at which nothing can be due. */
const readDatabaseNow = async (connection: Connection, scope: SystemScope): Promise<Date> => {
  const reading = [{ $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } }];
  const [clock] = await guardedAggregate<{ now: Date }>(connection, 'customer_link', reading, { scope });
  return clock?.now ?? BEGINNING;
};

/** How much is due in each business that has anything due, beside how many customers it has. */
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
      .setOptions({ ...askedBy(scope), hint: TYPE_STATE_INDEX });
    counted.push({ businessId: businessId.toHexString(), due: count, total });
  }
  return counted;
};

const LONGEST_PAUSE_MS = 100;

/**
 * Purges up to so many due customers, longest due first, in one transaction: erasure records and tombstones first, then the links
 * by the proof and their ids, then the customers. A run killed anywhere leaves whole batches only.
 * @returns how many are gone; 0 when nothing due is left
 */
export const purgeBatch = async (size: number, scope: SystemScope): Promise<number> => {
  const connection = await connect();
  for (;;) {
    // What proves that this batch's customers may go is not kept for the next.
    const batchScope = scope.again();
    try {
      const databaseNow = await readDatabaseNow(connection, batchScope);
      return await inTransaction(connection, scope, (session) =>
        purgeIn(session, { connection, size, databaseNow, scope: batchScope }),
      );
    } catch (error) {
      // Another copy of this run has the same batch in its hands, or had it: look again at what is left.
      const meaning =
        duplicateKeyOf(error) === null ? meaningOf(error) : new Conflict('Purged by another copy.');
      if (!(meaning instanceof Conflict) || Date.now() >= scope.deadline) throw meaning;
      // What a killed copy left open holds its batch until the database gives it up, a minute later.
      await new Promise((resolve) => setTimeout(resolve, LONGEST_PAUSE_MS * Math.random()));
    }
  }
};

type Batch = Readonly<{ connection: Connection; size: number; databaseNow: Date; scope: SystemScope }>;
type DueLink = Pick<
  CustomerLinkDocument,
  '_id' | 'businessId' | 'customerId' | 'relation' | 'version' | 'auditSeq' | 'auditHead' | 'keyUse'
>;

/** What has changed since the transaction began, as by a restore, makes it fail: it deletes what it has read, or nothing. */
const purgeIn = async (
  session: mongo.ClientSession,
  { connection, size, databaseNow, scope }: Batch,
): Promise<number> => {
  const links = await modelOf(connection, 'customer_link')
    .find(dueAt(databaseNow))
    .select({ businessId: 1, customerId: 1, relation: 1, version: 1, auditSeq: 1, auditHead: 1, keyUse: 1 })
    .sort({ purgeAfter: 1, customerId: 1 })
    .hint(PURGE_INDEX)
    .limit(size)
    .session(session)
    .setOptions(askedBy(scope))
    .lean<DueLink[]>();
  if (links.length === 0) return 0;
  const owned = links.filter(({ relation }) => relation === 'owner');
  const writes = purgeWrites(connection.name, { links, owned, databaseNow });
  await guardedBulkWrite(connection, writes, { scope, session });
  return links.length;
};

/** Customers, and what would undo a merge of theirs, whichever of the two they were: it holds data of them. */
const removalsOf = (database: string, customerIds: readonly Types.ObjectId[]): BulkWrite[] =>
  (
    [
      ['customer', '_id'],
      ['merge', '_id'],
      ['merge', 'survivorId'],
    ] as const
  ).map(([collection, name]) => ({
    name: 'deleteMany',
    namespace: `${database}.${collection}`,
    filter: { [name]: { $in: customerIds } },
  }));

const purgeWrites = (
  database: string,
  { links, owned, databaseNow }: { links: readonly DueLink[]; owned: readonly DueLink[]; databaseNow: Date },
): BulkWrite[] => {
  const at = databaseNow;
  const customerIds = owned.map(({ customerId }) => customerId);
  const insert = (collection: string, document: mongo.Document) =>
    ({ name: 'insertOne', namespace: `${database}.${collection}`, document }) as const;
  // One that came back with a backup was purged before: what was noted then stays as it is.
  const noteOnce = (
    collection: string,
    { customerId: _id, businessId }: DueLink,
    note: mongo.Document = {},
  ): BulkWrite => ({
    name: 'updateOne',
    namespace: `${database}.${collection}`,
    filter: { _id, businessId },
    update: { $setOnInsert: { at, ...note } },
    upsert: true,
  });
  return [
    ...owned.map((link) =>
      noteOnce('erasure', link, {
        cause: 'retention',
        auditSeq: link.auditSeq,
        auditHead: bytesOf(link.auditHead),
        keyUse: link.keyUse ?? '',
      }),
    ),
    ...owned.map((link) => noteOnce('tombstone', link)),
    ...owned.map(({ customerId, businessId, version }) =>
      insert('outbox', {
        _id: new Types.ObjectId(),
        type: 'customer-purged',
        businessId,
        customerId,
        version,
        state: 'deleted',
        at,
        pending: true,
      }),
    ),
    {
      name: 'deleteMany',
      namespace: `${database}.customer_link`,
      filter: { _id: { $in: links.map(({ _id }) => _id) }, ...dueAt(databaseNow) },
    },
    // Guests are another business's customers: where all are, none is named.
    ...(customerIds.length > 0 ? removalsOf(database, customerIds) : []),
    // Free text of a person goes with the customer; the chain stays whole, as the text is outside of it.
    ...owned.map(
      ({ businessId, customerId }) =>
        ({
          name: 'updateMany',
          namespace: `${database}.customer_audit`,
          filter: { businessId, customerId, reason: { $exists: true } },
          update: { $unset: { reason: '' } },
        }) as const,
    ),
  ];
};
