import { logEvent } from '#lib/runtime/logger.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { recountActivity as recount } from '#lib/store/activity/recount.ts';
import { contract } from './contract.ts';
import { recountActivity } from './recount-activity.ts';

const ports = { recountActivity: recount, logEvent, nowMs: () => Date.now() };
export const handler = serveTask(contract, recountActivity(ports));
