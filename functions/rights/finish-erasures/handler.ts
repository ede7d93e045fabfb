import { serveTask } from '#lib/serve/serve-task.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { findOldestOpen, findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import { contract } from './contract.ts';
import { finishErasures } from './finish-erasures.ts';

const ports = {
  ...{ findOpen, finishGroup, findOldestOpen, logEvent },
  heartbeat: () => {
    count('ErasuresChecked');
  },
  overdue: () => {
    count('ErasureOverdue');
  },
  nowMs: () => Date.now(),
};
export const handler = serveTask(contract, finishErasures(ports));
