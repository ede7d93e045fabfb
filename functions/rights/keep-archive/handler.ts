import { comparedObjects } from '#lib/cloud/compared-objects.ts';
import { isObjectStoreError } from '#lib/cloud/object-store-error.ts';
import { CannotOpen } from '#lib/privacy/field-cipher.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { requiredSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { recordExtensions } from '#lib/serve/record-extensions.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { underLease } from '#lib/store/leases/lease.ts';
import {
  dropRecord,
  findArchiving,
  findAsked,
  findDue,
  findUnfinished,
  noteAway,
  noteThawing,
} from '#lib/store/rights/archive-records.ts';
import { endLateness, removeArchived } from '#lib/store/rights/archived-activity.ts';
import { confirmLeaving, prepareLeaving } from '#lib/store/rights/leave-database.ts';
import { bringBack } from '#lib/store/rights/return-to-database.ts';
import { contract } from './contract.ts';
import { CONFLICT, keepArchive } from './keep-archive.ts';

const troubleOf = (error: unknown): string | null => {
  if (error instanceof Conflict) return CONFLICT;
  if (error instanceof CannotOpen) return 'unreadable';
  if (error instanceof UnknownKey) return 'key-missing';
  if (isObjectStoreError(error, 'corrupt')) return 'corrupt';
  return isObjectStoreError(error, 'absent') ? 'absent' : null;
};

const objects = () =>
  comparedObjects(
    requiredSetting('ARCHIVE_BUCKET'),
    requiredSetting('ARCHIVE_STORAGE_CLASS') === 'GLACIER' ? 'GLACIER' : 'GLACIER_IR',
  );

const ports = {
  ...{ findUnfinished, findAsked, findArchiving, findDue, noteThawing, noteAway, dropRecord },
  ...{ removeArchived, endLateness },
  ...{ underLease, prepareLeaving, confirmLeaving, bringBack, objects, troubleOf, logEvent },
  witness: recordExtensions,
  heartbeat: () => {
    count('ArchiveKept');
  },
  troubled: () => {
    count('ArchiveTroubled');
  },
  now: () => new Date(),
};
export const handler = serveTask(contract, keepArchive(ports));
