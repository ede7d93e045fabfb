import { mongo, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { ArchivedDocument } from '#lib/privacy/archive-object.ts';
import { ARCHIVED_FIELDS } from '#lib/store/collections/activity.ts';
import { connect } from '#lib/store/database/connection.ts';
import { inTaskTransaction } from '#lib/store/database/task-transaction.ts';
import { guardedBulkWrite } from '#lib/store/isolation/guarded-bulk-write.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import type { ArchiveRecord } from './archive-records.ts';

type Whose = Pick<ArchiveRecord, 'businessId' | 'customerId'>;

/** The most documents that one transaction restores. */
const AT_ONCE = 500;

const ownOf = ({ businessId, customerId }: Whose) => ({
  businessId: new Types.ObjectId(businessId),
  customerId: new Types.ObjectId(customerId),
});

/**
 * Removes from the orders and payments of a customer who is away what its object holds of them. Those that were told since then
 * are marked as late and stay whole. Safe to do twice.
 */
export const removeArchived = async (whose: Whose, scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'activity')
    .updateMany(
      { ...ownOf(whose), away: { $exists: false }, late: { $exists: false } },
      { $set: { away: true }, $unset: Object.fromEntries(ARCHIVED_FIELDS.map((field) => [field, ''])) },
    )
    .setOptions(queryOptions(scope));
};

/** Takes the mark of being late from orders and payments of a customer who is back. Safe to do twice. */
export const endLateness = async (whose: Whose, scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'activity')
    .updateMany({ ...ownOf(whose), late: true }, { $unset: { late: '' } })
    .setOptions(queryOptions(scope));
};

/**
 * Gives the orders and payments of a customer back what only its object holds. One whose newer state was told meanwhile stays as
 * it is. Safe to do twice.
 */
export const restoreActivity = async (
  documents: readonly ArchivedDocument[],
  whose: Whose,
  run: SystemScope,
): Promise<void> => {
  const connection = await connect();
  const copies = documents
    .filter(({ place }) => place === 'activity')
    .map(({ document }) => copyOf(document));
  for (let from = 0; from < copies.length; from += AT_ONCE)
    await inTaskTransaction(run, 'an update makes no document', async (session, scope) => {
      const writes = copies.slice(from, from + AT_ONCE).map(({ _id, fields }) => ({
        name: 'updateOne' as const,
        namespace: `${connection.name}.activity`,
        filter: { _id, ...ownOf(whose), away: true },
        update: { $set: fields, $unset: { away: '' } },
      }));
      await guardedBulkWrite(connection, writes, { scope, session });
    });
};

/** The id of a copied document, and the fields that left the database. */
const copyOf = (copy: unknown) => {
  const document = documentIn(mongo.BSON.EJSON.parse(JSON.stringify(copy)));
  return {
    _id: new Types.ObjectId(String(document['_id'])),
    fields: Object.fromEntries(
      ARCHIVED_FIELDS.filter((field) => field in document).map((field): [string, unknown] => [
        field,
        document[field],
      ]),
    ),
  };
};

const documentIn = (parsed: unknown): Readonly<Record<string, unknown>> =>
  typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
