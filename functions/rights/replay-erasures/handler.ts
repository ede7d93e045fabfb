import { objectStore } from '#lib/cloud/object-store.ts';
import { keysAfter, readText } from '#lib/cloud/text-objects.ts';
import { LEDGER_PREFIX } from '#lib/contract/ledger-file.ts';
import { requiredSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { countReturned, eraseReturned } from '#lib/store/rights/replay.ts';
import { contract } from './contract.ts';
import { replayErasures } from './replay-erasures.ts';

const ledger = () => objectStore(requiredSetting('LEDGER_BUCKET'));
const ports = {
  ledgerKeys: (after: string | undefined, deadline: number) =>
    keysAfter(ledger(), { prefix: LEDGER_PREFIX, after }, deadline),
  readLedger: (key: string, deadline: number) => readText(ledger(), key, deadline),
  ...{ countReturned, eraseReturned, logEvent, nowMs: () => Date.now() },
};
export const handler = serveTask(contract, replayErasures(ports));
