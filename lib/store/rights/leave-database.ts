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
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { commit, stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { type Read, readForTask } from './archive-reader.ts';
import type { Due } from './archive-records.ts';
import { documentsToArchive } from './archived-documents.ts';

/** A customer on its way out: as it was read, and the object that holds all of it. */
export type Leaving = Readonly<{
  read: Read;
  objectKey: string;
  body: Buffer;
  sha256: string;
  scope: SystemScope;
}>;

/** Whether a customer has been a survivor for less than the time in which a merge can be undone. */
const mayBeUnmerged = async (
  { link: { businessId, customerId } }: Read,
  scope: SystemScope,
): Promise<boolean> => {
  const merge = await modelOf(await connect(), 'merge')
    .findOne({ businessId, survivorId: customerId })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  return merge !== null;
};

/**
 * Makes the object of a customer and writes the intent to store it. Null when the customer is not due any more.
 * @throws Conflict when another run is moving the customer
 */
export const prepareLeaving = async (due: Due, before: Date, run: SystemScope): Promise<Leaving | null> => {
  // A scope for each customer: the link read for one gives no access to another.
  const scope = run.again();
  const read = await readForTask(due, scope);
  if (read === null || !isDue(read, before) || (await mayBeUnmerged(read, scope))) return null;
  const { businessId, customerId } = due;
  const { auditSeq } = read.stored.link;
  const key = newArchiveKey();
  const place = { businessId, customerId, auditSeq };
  const body = sealArchiveObject(key, place, await documentsToArchive(read, scope));
  const objectKey = archiveObjectKey(due, { auditSeq, attempt: newArchiveAttempt() });
  const sha256 = archiveObjectHash(body);
  const document = {
    ...{ _id: read.link.customerId, businessId: read.link.businessId, step: 'moving' as const, auditSeq },
    ...{ objectKey, sha256, bytes: body.length, at: new Date() },
    dataKey: sealArchiveKey(read.stored.keys, customerId, key),
  };
  stage(scope, { insertInto: 'archive', document }, () =>
    Promise.resolve(new Conflict('Another run is moving this customer.')),
  );
  await commit(scope);
  return { read, objectKey, body, sha256, scope };
};

const isDue = ({ stored: { customer, isHeld, isAway } }: Read, before: Date): boolean =>
  stateOf(customer) === 'archived' && customer.updatedAt < before && !isHeld && !isAway;

/**
 * Takes out of the database what the object holds, in one transaction. The object must be stored and compared before.
 * @returns the new end of the customer's history
 * @throws Conflict when the customer or the intent has changed since
 */
export const confirmLeaving = async (
  { read: { stored, link, by }, objectKey, scope }: Leaving,
  at: Date,
): Promise<readonly HistoryExtension[]> => {
  const note = {
    ...{ action: 'move-to-archive', at, fields: ['note'], event: 'archived-away' as const },
    set: { away: true as const },
  };
  await noteInHistoryBy(by, stored, { note, scope });
  const { customerId, businessId } = link;
  stage(scope, {
    update: 'customer',
    filter: { _id: customerId, __v: stored.customer.version },
    change: { $set: { note: null } },
  });
  stage(scope, {
    update: 'archive',
    filter: { _id: customerId, businessId, objectKey, step: 'moving' },
    change: { $set: { step: 'away', at } },
  });
  return await commit(scope);
};
