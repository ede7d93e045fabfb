import { parseArgs } from 'node:util';
import { contract } from '#functions/retention/purge-deleted-customers/contract.ts';
import { purgeDeletedCustomers } from '#functions/retention/purge-deleted-customers/purge-deleted-customers.ts';
import { optionalSetting } from '#lib/runtime/config.ts';
import { countDue, purgeBatch } from '#lib/store/retention/purge.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf, showCountOf } from '../count-with-progress.ts';
import { runTask } from '../run-task.ts';
import { print, printToStderr, thousands } from '../terminal.ts';

export const purge: Command = {
  name: 'purge',
  summary: 'Permanently remove deleted customers whose retention period is over.',
  usage: '[options]',
  help: [
    'Options:',
    '  --dry-run                     count the customers that are due and remove nothing',
    '  --largest-share <0 to 1>      the largest share of its customers that one run may remove from a business with',
    '                                100 customers or more (default: 0.5)',
    '',
    'If any business would lose more than this share, nothing is removed and those businesses are listed.',
    'You can stop it and run it again at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    let total = 0;
    const { outcome, purged, due, aboveShare } = await runTask(
      contract,
      purgeDeletedCustomers({
        isSwitchedOff: () => optionalSetting('PURGE_SWITCH') === 'off',
        countDue: async (scope) => {
          const found = await countDue(scope);
          total = found.reduce((sum, business) => sum + business.due, 0);
          return found;
        },
        purgeBatch,
        logEvent: showCountOf('purgedSoFar', (count) => partOf(count, total, 'customers')),
        heartbeat: () => undefined,
        nowMs: () => Date.now(),
      }),
      inputFrom(args),
    );
    print(`${outcome}: ${thousands(due)} due, ${thousands(purged)} purged`);
    for (const businessId of aboveShare)
      printToStderr(`Business ${businessId} would lose more than the largest share`);
    return outcome === 'finished' || outcome === 'dry-run' ? EXIT.done : EXIT.problem;
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
    throw new UsageError('--largest-share must be a number from 0 to 1.');
  return { dryRun, largestShare };
};
