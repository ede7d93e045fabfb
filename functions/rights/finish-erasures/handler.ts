import { createHash } from 'node:crypto';
import { deleteAll } from '#lib/cloud/delete-all.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import type { LedgerFile } from '#lib/contract/ledger-file.ts';
import { archivePrefix } from '#lib/domain/rights/archive.ts';
import { requiredSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { underLease } from '#lib/store/leases/lease.ts';
import { findOldestOpen, findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import { findOldestUnledgered, findUnledgered, markLedgered } from '#lib/store/rights/ledger.ts';
import type { DeleteObjects } from '#lib/store/rights/sweep.ts';
import { contract } from './contract.ts';
import { finishErasures } from './finish-erasures.ts';

const DIGITS = 16;

const deleteObjects = (of: Parameters<DeleteObjects>[0], deadline: number): Promise<void> =>
  deleteAll(objectStore(requiredSetting('ARCHIVE_BUCKET')), archivePrefix(of), deadline);

const ports = {
  ...{ underLease, findOpen, finishGroup, findOldestOpen, deleteObjects, logEvent },
  ...{ findUnledgered, markLedgered, findOldestUnledgered },
  putInLedger: ({ key, text }: LedgerFile, deadline: number) =>
    objectStore(requiredSetting('LEDGER_BUCKET')).put({ key, body: Buffer.from(text) }, deadline),
  digest: (text: string) => createHash('sha256').update(text).digest('hex').slice(0, DIGITS),
  heartbeat: () => {
    count('ErasuresChecked');
  },
  overdue: count,
  nowMs: () => Date.now(),
};
export const handler = serveTask(contract, finishErasures(ports));
