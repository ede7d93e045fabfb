import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { joinedNotes } from '#lib/domain/rights/archive.ts';
import {
  type ArchivedDocument,
  archiveObjectHash,
  openArchiveKey,
  openArchiveObject,
} from '#lib/privacy/archive-object.ts';
import { CannotOpen, sealField } from '#lib/privacy/field-cipher.ts';
import { sumsUpdate } from '#lib/store/customers/activity-sums.ts';
import { countSums } from '#lib/store/customers/counted-sums.ts';
import { timeKey } from '#lib/store/customers/link.ts';
import { noteInHistoryBy } from '#lib/store/customers/note-in-history.ts';
import { commit, stage } from '#lib/store/database/unit-of-work.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { readForTask } from './archive-reader.ts';
import type { ArchiveRecord } from './archive-records.ts';
import { restoreActivity } from './archived-activity.ts';
import { noteIn } from './archived-documents.ts';

/**
 * Opens the object of a customer.
 * @throws CannotOpen when it is not the object that was stored for this customer
 */
const open = async (record: ArchiveRecord, body: Buffer): Promise<readonly ArchivedDocument[]> => {
  const { businessId, customerId, auditSeq, dataKey, sha256 } = record;
  if (dataKey === null || archiveObjectHash(body) !== sha256) throw new CannotOpen();
  const key = await readWithKeys({ businessId }, (keys) => openArchiveKey(keys, customerId, dataKey));
  return openArchiveObject(key, { businessId, customerId, auditSeq }, body);
};

/**
 * Puts back into the database what left it, and joins it with what was written meanwhile. Orders and payments come first, in
 * transactions of their own; the customer is away until the last one, which counts them again. The time of the last update moves, so that offline copies hear of it, and so does the version: a form that was opened while the note was away
 * would clear it.
 * @returns the new end of the customer's history; nothing when the customer is not away any more
 * @throws CannotOpen when the object is not the one that was stored for this customer, Conflict when the customer changes at
 * the same time
 */
export const bringBack = async (
  record: ArchiveRecord,
  { body, at }: Readonly<{ body: Buffer; at: Date }>,
  run: SystemScope,
): Promise<readonly HistoryExtension[]> => {
  const documents = await open(record, body);
  const scope = run.again();
  const read = await readForTask(record, scope);
  if (read === null || !read.stored.isAway) return [];
  await restoreActivity(documents, record, run);
  const { stored, link, by } = read;
  const { customer, keys } = stored;
  const joined = joinedNotes(noteIn(documents), customer.note);
  const updatedAt = new Date(Math.max(at.getTime(), customer.updatedAt.getTime() + 1));
  const updatedKey = timeKey(updatedAt, customer.id);
  const version = customer.version + 1;
  const note = {
    ...{ action: 'bring-back-from-archive', at, fields: ['note'], event: 'recalled' as const },
    ...{ version, set: { updatedAt, updatedKey }, unset: ['away'] as const },
  };
  await noteInHistoryBy(by, stored, { note, scope });
  const sums = await countSums(customer.id, { businessId: record.businessId, scope });
  stage(scope, sumsUpdate(record.businessId, link, sums));
  stage(scope, {
    update: 'customer',
    filter: { _id: link.customerId, __v: customer.version },
    change: {
      $set: {
        note: joined === null ? null : sealField(keys, { customerId: customer.id, field: 'note' }, joined),
        updatedAt,
        __v: version,
      },
    },
  });
  stage(scope, {
    update: 'archive',
    filter: {
      _id: new Types.ObjectId(record.customerId),
      businessId: link.businessId,
      objectKey: record.objectKey,
      step: record.step,
    },
    change: { $set: { step: 'returning', at }, $unset: { asked: '' } },
  });
  return await commit(scope);
};
