import { parseArgs } from 'node:util';
import { contract } from '#functions/purge-deleted-customers/contract.ts';
import { purgeDeletedCustomers } from '#functions/purge-deleted-customers/purge-deleted-customers.ts';
import { optionalSetting } from '#lib/runtime/config.ts';
import { countDue, purgeBatch } from '#lib/store/purge.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { runTask } from './run-task.ts';
import { complain, say, startProgress, tellCount, thousands } from './terminal.ts';

export const purge: Command = {
  name: 'purge',
  summary: 'Remove for good the deleted customers whose time is over',
  help: [
    '  --dry-run                   only say how many are due',
    '  --largest-share <0 to 1>    what a run may take of a business with 100 customers or more; 0.5 unless told',
    '',
    'Above the share nothing is removed, and the businesses are named. It may be stopped and run again at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const progress = startProgress();
    const { outcome, purged, due, aboveShare } = await runTask(
      contract,
      purgeDeletedCustomers({
        isSwitchedOff: () => optionalSetting('PURGE_SWITCH') === 'off',
        countDue,
        purgeBatch,
        logEvent: tellCount(progress, { field: 'purgedSoFar', what: 'purged' }),
        heartbeat: () => undefined,
        nowMs: () => Date.now(),
      }),
      inputFrom(args),
    );
    progress.end();
    say(`${outcome}: ${thousands(due)} due, ${thousands(purged)} purged`);
    for (const businessId of aboveShare) complain(`${businessId} would lose more than the share`);
    return outcome === 'finished' || outcome === 'dry-run' ? EXIT.done : EXIT.found;
  },
};

const inputFrom = (args: readonly string[]): { dryRun: boolean; largestShare?: number } => {
  const { values } = parseArgs({
    args: [...args],
    options: { 'dry-run': { type: 'boolean' }, 'largest-share': { type: 'string' } },
  });
  const { 'dry-run': dryRun = false, 'largest-share': share } = values;
  if (share === undefined) return { dryRun };
  const largestShare = Number(share);
  if (share.trim() === '' || !(largestShare >= 0 && largestShare <= 1))
    throw new Misuse('--largest-share takes a number from 0 to 1.');
  return { dryRun, largestShare };
};
