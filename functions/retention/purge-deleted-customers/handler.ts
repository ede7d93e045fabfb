import { serveTask } from '#lib/serve/serve-task.ts';
import { optionalSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { countDue, purgeBatch } from '#lib/store/retention/purge.ts';
import { contract } from './contract.ts';
import { purgeDeletedCustomers } from './purge-deleted-customers.ts';

const isSwitchedOff = () => optionalSetting('PURGE_SWITCH') === 'off';
const heartbeat = () => {
  count('PurgeCompleted');
};
const ports = { isSwitchedOff, countDue, purgeBatch, logEvent, heartbeat, nowMs: () => Date.now() };
export const handler = serveTask(contract, purgeDeletedCustomers(ports));
