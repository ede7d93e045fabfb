import { serveTask } from '#lib/serve/serve-task.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { checkHistories } from '#lib/store/histories/check-histories.ts';
import { contract } from './contract.ts';
import { verifyHistories } from './verify-histories.ts';

const countFlawed = (flawed: number) => {
  count('HistoryFlawed', flawed);
};
const ports = { checkHistories, logEvent, countFlawed, nowMs: () => Date.now() };
export const handler = serveTask(contract, verifyHistories(ports));
