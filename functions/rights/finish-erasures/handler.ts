import { deleteAll } from '#lib/cloud/delete-all.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import { archivePrefix } from '#lib/domain/rights/archive.ts';
import { requiredSetting } from '#lib/runtime/config.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { findOldestOpen, findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import type { DeleteObjects } from '#lib/store/rights/sweep.ts';
import { contract } from './contract.ts';
import { finishErasures } from './finish-erasures.ts';

const deleteObjects = (of: Parameters<DeleteObjects>[0], deadline: number): Promise<void> =>
  deleteAll(objectStore(requiredSetting('ARCHIVE_BUCKET')), archivePrefix(of), deadline);
const ports = {
  ...{ findOpen, finishGroup, findOldestOpen, deleteObjects, logEvent },
  heartbeat: () => {
    count('ErasuresChecked');
  },
  overdue: () => {
    count('ErasureOverdue');
  },
  nowMs: () => Date.now(),
};
export const handler = serveTask(contract, finishErasures(ports));
