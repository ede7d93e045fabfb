import { type QueryFilter, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { sortableTime } from '#lib/domain/sortable-time.ts';
import { archivedBefore } from '#lib/domain/rights/archive.ts';
import {
  ARCHIVE_ASKED_INDEX,
  ARCHIVE_STEP_INDEX,
  type ArchiveDocument,
  type ArchiveStep,
} from '#lib/store/collections/archive.ts';
import { type CustomerLinkDocument, orderIndex } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { readDatabaseNow } from '#lib/store/database/database-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** What leads to the object of a customer. `dataKey` is null once an erasure has destroyed it. */
export type ArchiveRecord = Readonly<{
  businessId: string;
  customerId: string;
  step: ArchiveStep;
  auditSeq: number;
  objectKey: string;
  sha256: string;
  dataKey: Buffer | null;
}>;

const toRecord = ({ _id, businessId, dataKey, ...stored }: ArchiveDocument): ArchiveRecord => ({
  customerId: _id.toHexString(),
  businessId: businessId.toHexString(),
  step: stored.step,
  auditSeq: stored.auditSeq,
  objectKey: stored.objectKey,
  sha256: stored.sha256,
  dataKey: dataKey === undefined ? null : bytesOf(dataKey),
});

const find = async (
  filter: QueryFilter<ArchiveDocument>,
  { most, hint }: { most: number; hint: string },
  scope: SystemScope,
): Promise<ArchiveRecord[]> => {
  const found = await modelOf(await connect(), 'archive')
    .find(filter)
    .sort({ _id: 1 })
    .limit(most)
    .hint(hint)
    .setOptions(queryOptions(scope))
    .lean<ArchiveDocument[]>();
  return found.map(toRecord);
};

/** A walk over records in the order of their ids: up to `most` that come after one. */
export type Walk = Readonly<{ after: string; most: number }>;

/** The records that an earlier run left in a step of its own, which is to be ended or undone. */
export const findUnfinished = (
  step: 'moving' | 'leaving' | 'returning',
  { after, most }: Walk,
  scope: SystemScope,
): Promise<ArchiveRecord[]> =>
  find({ step, _id: { $gt: new Types.ObjectId(after) } }, { most, hint: ARCHIVE_STEP_INDEX }, scope);

/** The records of customers that somebody has asked for. */
export const findAsked = ({ after, most }: Walk, scope: SystemScope): Promise<ArchiveRecord[]> =>
  find({ asked: true, _id: { $gt: new Types.ObjectId(after) } }, { most, hint: ARCHIVE_ASKED_INDEX }, scope);

const own = ({ customerId, businessId, objectKey, step }: ArchiveRecord) => ({
  _id: new Types.ObjectId(customerId),
  businessId: new Types.ObjectId(businessId),
  objectKey,
  step,
});

/** Notes that the object of a customer is being restored, so that it can be read. */
export const noteThawing = async (record: ArchiveRecord, scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'archive')
    .updateOne(own(record), { $set: { step: 'thawing', at: new Date() } })
    .setOptions(queryOptions(scope));
};

/** Notes that everything has left the database that only the object is to hold. */
export const noteAway = async (record: ArchiveRecord, scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'archive')
    .updateOne(own(record), { $set: { step: 'away', at: new Date() } })
    .setOptions(queryOptions(scope));
};

/** Removes a record as it was read, and returns whether it did. Nothing happens when another run has changed it. */
export const dropRecord = async (record: ArchiveRecord, scope: SystemScope): Promise<boolean> => {
  const { deletedCount } = await modelOf(await connect(), 'archive')
    .deleteMany(own(record))
    .setOptions(queryOptions(scope));
  return deletedCount === 1;
};

/** A business whose archived customers go to the archive when they were changed last before `before`. */
export type Archiving = Readonly<{ businessId: string; before: Date }>;

/** The businesses that use the archive. The database's clock decides who is due. */
export const findArchiving = async (scope: SystemScope): Promise<Archiving[]> => {
  const connection = await connect();
  const chosen = await modelOf(connection, 'business_settings')
    .find({ archiveAfterDays: { $gte: 1 } })
    .select({ archiveAfterDays: 1 })
    .setOptions(queryOptions(scope))
    .lean<{ _id: Types.ObjectId; archiveAfterDays: number }[]>();
  if (chosen.length === 0) return [];
  const now = await readDatabaseNow(connection, scope);
  return chosen.map(({ _id, archiveAfterDays }) => ({
    businessId: _id.toHexString(),
    before: archivedBefore(now, archiveAfterDays),
  }));
};

/** A customer that may go to the archive, and where it stands in the walk over all of its business. */
export type Due = Readonly<{ businessId: string; customerId: string; place: string }>;

/** The next customers of a business that are archived, untouched for long and not held; longest untouched first. */
export const findDue = async (
  { businessId, before }: Archiving,
  { after, most }: Walk,
  scope: SystemScope,
): Promise<Due[]> => {
  const until = sortableTime(new Date(Math.max(0, before.getTime())));
  const links = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(businessId),
      state: 'archived',
      updatedKey: { $gt: after, $lt: until },
      away: { $ne: true },
      legalHold: { $ne: true },
    })
    .sort({ updatedKey: 1 })
    .limit(most)
    .select({ customerId: 1, updatedKey: 1 })
    .hint(orderIndex('updatedKey', 'state'))
    .setOptions(queryOptions(scope))
    .lean<Pick<CustomerLinkDocument, 'customerId' | 'updatedKey'>[]>();
  return links.map(({ customerId, updatedKey }) => ({
    businessId,
    customerId: customerId.toHexString(),
    place: updatedKey,
  }));
};
