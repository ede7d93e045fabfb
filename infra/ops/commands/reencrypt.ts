import { parseArgs } from 'node:util';
import { contract } from '#functions/upkeep/reencrypt-customers/contract.ts';
import { reencryptCustomers } from '#functions/upkeep/reencrypt-customers/reencrypt-customers.ts';
import { isKeyringInUse, readKeyringNow } from '#lib/store/keys/request-keys.ts';
import { countLeft, countOutdated } from '#lib/store/rotation/key-uses.ts';
import { keyringAgeMs, noteKeyring } from '#lib/store/rotation/keyring-age.ts';
import { findOutdated } from '#lib/store/rotation/outdated.ts';
import { reencrypt as reencryptBatch } from '#lib/store/rotation/reencrypt.ts';
import { type Command, EXIT } from '../command.ts';
import { partOf, showCountOf } from '../count-with-progress.ts';
import { runTask } from '../run-task.ts';
import { counted, print, printToStderr, thousands } from '../terminal.ts';

export const reencrypt: Command = {
  name: 'reencrypt',
  summary:
    'Re-encrypt with the current master key whatever another key encrypted, and list the keys you may drop.',
  usage: '[--dry-run]',
  help: [
    'Options:',
    '  --dry-run    count what is left to re-encrypt and write nothing',
    '',
    'The scheduled function does the same work every ten minutes. You can stop it and run it again at any time.',
    'The exit status is 1 if a customer could not be re-encrypted or the keyring changed during the run.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean', default: false } },
    });
    let total: number | undefined;
    const report = await runTask(
      contract,
      reencryptCustomers({
        readKeyringNow,
        isKeyringInUse,
        noteKeyring,
        keyringAgeMs,
        findOutdated: async function* (walk, scope) {
          // Later passes find only what live changes have written with an older keyring.
          total ??= await countOutdated(walk.ring, scope);
          yield* findOutdated(walk, scope);
        },
        reencrypt: reencryptBatch,
        countLeft,
        logEvent: showCountOf('rewrittenSoFar', (done) => partOf(done, total ?? done, 'records')),
        nowMs: () => Date.now(),
      }),
      { dryRun: values['dry-run'] },
    );
    print(`${report.outcome}: ${thousands(report.rewritten)} re-encrypted with ${report.currentKeyId}`);
    for (const { keyId, collection, records } of report.left)
      print(`${keyId ?? 'An unknown key'} is still needed by ${counted(records, 'record')} of ${collection}`);
    for (const { businessId, customerId, trouble } of report.troubles)
      printToStderr(`${businessId} ${customerId} ${trouble}`);
    print(droppableKeys(report));
    return report.troubles.length > 0 || report.outcome === 'keyring-changed' ? EXIT.problem : EXIT.done;
  },
};

type Droppable = Readonly<{ settled: boolean; mayBeDropped: readonly string[] }>;

const droppableKeys = ({ settled, mayBeDropped }: Droppable): string => {
  if (!settled) return 'Do not drop a key yet: some functions may still use the previous keyring.';
  return mayBeDropped.length === 0
    ? 'No key may be dropped.'
    : `Keys you may drop: ${mayBeDropped.join(', ')}`;
};
