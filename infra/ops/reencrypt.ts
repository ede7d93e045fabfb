import { parseArgs } from 'node:util';
import { contract } from '#functions/reencrypt-customers/contract.ts';
import { reencryptCustomers } from '#functions/reencrypt-customers/reencrypt-customers.ts';
import { isKeyringInUse, readKeyringNow } from '#lib/store/keys.ts';
import { countLeft } from '#lib/store/rotation/key-uses.ts';
import { keyringAgeMs, noteKeyring } from '#lib/store/rotation/keyring-age.ts';
import { findOutdated } from '#lib/store/rotation/outdated.ts';
import { reencrypt as reencryptBatch } from '#lib/store/rotation/reencrypt.ts';
import { type Command, EXIT } from './command.ts';
import { runTask } from './run-task.ts';
import { complain, say, startProgress, tellCount, thousands } from './terminal.ts';

export const reencrypt: Command = {
  name: 'reencrypt',
  summary: 'Write anew what another key than the current one sealed; say which keys may go',
  help: [
    '  --dry-run    only say what is left',
    '',
    'The schedule does the same, every ten minutes. It may be stopped and run again at any time.',
    'Status 1 when a customer could not be written anew, or the keyring was changed meanwhile.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { values } = parseArgs({ args: [...args], options: { 'dry-run': { type: 'boolean' } } });
    const progress = startProgress();
    const report = await runTask(
      contract,
      reencryptCustomers({
        readKeyringNow,
        isKeyringInUse,
        noteKeyring,
        keyringAgeMs,
        findOutdated,
        reencrypt: reencryptBatch,
        countLeft,
        logEvent: tellCount(progress, { field: 'rewrittenSoFar', what: 'written anew' }),
        nowMs: () => Date.now(),
      }),
      { dryRun: values['dry-run'] ?? false },
    );
    progress.end();
    say(`${report.outcome}: ${thousands(report.rewritten)} written anew with ${report.currentKeyId}`);
    for (const { keyId, collection, records } of report.left)
      say(`${thousands(records)} of ${collection} still need ${keyId ?? 'a key that is not known'}`);
    for (const { businessId, customerId, trouble } of report.troubles)
      complain(`${businessId} ${customerId} ${trouble}`);
    say(mayGo(report));
    return report.troubles.length > 0 || report.outcome === 'keyring-changed' ? EXIT.found : EXIT.done;
  },
};

const mayGo = ({ settled, mayBeDropped }: { settled: boolean; mayBeDropped: readonly string[] }): string => {
  if (!settled) return 'No key may go yet: some function may still work with the keyring from before.';
  return mayBeDropped.length === 0 ? 'No key may go.' : `May be dropped: ${mayBeDropped.join(', ')}`;
};
