import type { SystemScope } from '#lib/domain/access/scope.ts';
import { stateOf } from '#lib/domain/customers/customer.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { archiveObjectKey } from '#lib/domain/rights/archive.ts';
import {
  archiveObjectHash,
  newArchiveAttempt,
  newArchiveKey,
  sealArchiveKey,
  sealArchiveObject,
} from '#lib/privacy/archive-object.ts';
import { noteInHistoryBy } from '#lib/store/customers/note-in-history.ts';
import { sumsOf, sumsUpdate } from '#lib/store/customers/activity-sums.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { commit, stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { type Read, readForTask } from './archive-reader.ts';
import type { ArchiveRecord, Due } from './archive-records.ts';
import { documentsToArchive } from './archived-documents.ts';

/** A customer on its way out: as it was read, and the object that holds all of it. */
export type Leaving = Readonly<{
  read: Read;
  /** As it is once the object is the customer's place. */
  record: ArchiveRecord;
  body: Buffer;
  scope: SystemScope;
}>;

/**
 * Whether a customer that was merged into this one is still there, or purged and has orders to give. Then an unmerge, or orders of
 * both, could come while the customer is away.
 */
const isSurvivor = async (
  { link: { businessId, absorbed = [] } }: Read,
  scope: SystemScope,
): Promise<boolean> => {
  if (absorbed.length === 0) return false;
  const connection = await connect();
  const losers = absorbed.map(({ loserId }) => loserId);
  const link = await modelOf(connection, 'customer_link')
    .findOne({ businessId, customerId: { $in: losers } })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  if (link !== null) return true;
  const purged = await modelOf(connection, 'erasure')
    .findOne({ businessId, _id: { $in: losers }, open: true })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  return purged !== null;
};

/**
 * Makes the object of a customer and writes the intent to store it. Null when the customer is not due any more.
 * @throws Conflict when another run is moving the customer
 */
export const prepareLeaving = async (due: Due, before: Date, run: SystemScope): Promise<Leaving | null> => {
  // A scope for each customer: the link read for one gives no access to another.
  const scope = run.again();
  const read = await readForTask(due, scope);
  if (read === null || !isDue(read, before) || (await isSurvivor(read, scope))) return null;
  const { businessId, customerId } = due;
  const { auditSeq } = read.stored.link;
  const key = newArchiveKey();
  const place = { businessId, customerId, auditSeq };
  const body = sealArchiveObject(key, place, await documentsToArchive(read, scope));
  const object = {
    auditSeq,
    objectKey: archiveObjectKey(due, { auditSeq, attempt: newArchiveAttempt() }),
    sha256: archiveObjectHash(body),
    dataKey: sealArchiveKey(read.stored.keys, customerId, key),
  };
  const document = {
    ...{ _id: read.link.customerId, businessId: read.link.businessId, step: 'moving' as const },
    ...{ ...object, bytes: body.length, at: new Date() },
  };
  stage(scope, { insertInto: 'archive', document }, () =>
    Promise.resolve(new Conflict('Another run is moving this customer.')),
  );
  await commit(scope);
  return { read, record: { businessId, customerId, step: 'leaving', ...object }, body, scope };
};

const isDue = ({ stored: { customer, isHeld, isAway } }: Read, before: Date): boolean =>
  stateOf(customer) === 'archived' && customer.updatedAt < before && !isHeld && !isAway;

/**
 * Makes the object the customer's place, in one transaction: its note leaves the database. The object must be stored and compared
 * before. `removeArchived` does the rest.
 * @returns the new end of the customer's history
 * @throws Conflict when the customer, its orders, or the intent have changed since
 */
export const confirmLeaving = async (
  { read: { stored, link, by }, record: { objectKey }, scope }: Leaving,
  at: Date,
): Promise<readonly HistoryExtension[]> => {
  const note = {
    ...{ action: 'move-to-archive', at, fields: ['note'], event: 'archived-away' as const },
    set: { away: true as const },
  };
  await noteInHistoryBy(by, stored, { note, scope });
  const { customerId, businessId } = link;
  // Every order that comes raises the number of these changes: then the object would lack it.
  stage(scope, sumsUpdate(by.businessId, link, sumsOf(link)));
  stage(scope, {
    update: 'customer',
    filter: { _id: customerId, __v: stored.customer.version },
    change: { $set: { note: null } },
  });
  stage(scope, {
    update: 'archive',
    filter: { _id: customerId, businessId, objectKey, step: 'moving' },
    change: { $set: { step: 'leaving', at } },
  });
  return await commit(scope);
};
