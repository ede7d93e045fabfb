import { parseArgs } from 'node:util';
import { contract } from '#functions/rights/replay-erasures/contract.ts';
import { replayErasures as useCase } from '#functions/rights/replay-erasures/replay-erasures.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import { keysAfter, readText } from '#lib/cloud/text-objects.ts';
import { LEDGER_PREFIX } from '#lib/contract/ledger-file.ts';
import { optionalSetting } from '#lib/runtime/config.ts';
import { countReturned, eraseReturned } from '#lib/store/rights/replay.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf } from '../count-with-progress.ts';
import { startProgress } from '../progress-line.ts';
import { runTask } from '../run-task.ts';
import { counted, print, printToStderr } from '../terminal.ts';

const NEEDED = ['LEDGER_BUCKET', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

export const replayErasures: Command = {
  name: 'replay-erasures',
  summary: 'After a restore of the database: erase again the customers that came back, as the ledger says.',
  usage: '[--erase] [--after <file>]',
  help: [
    'Options:',
    '  --erase           erase them. Without it, they are counted and nothing is written',
    '  --after <file>    continue after this file of the ledger',
    '',
    'Set LEDGER_BUCKET to the name of the bucket, and AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for a',
    'temporary key, AWS_SESSION_TOKEN. The function replay-erasures does the same and needs none of them.',
    'It stops at a line that is none of the ledger’s, and names file and line. You can stop it and run it again at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { erase: { type: 'boolean', default: false }, after: { type: 'string' } },
    });
    const missing = NEEDED.filter((name) => optionalSetting(name) === undefined);
    if (missing.length > 0) throw new UsageError(`Missing ${missing.join(', ')}. Set what is missing.`);
    const { outcome, files, lines, returned, after, unreadable } = await runTask(
      contract,
      useCase({ ...ledgerPorts(), countReturned, eraseReturned, logEvent: () => undefined, nowMs: Date.now }),
      { dryRun: !values.erase, ...(values.after !== undefined && { after: values.after }) },
    );
    const verb = values.erase ? 'erased again' : 'to erase again';
    print(
      `${outcome}: ${counted(lines, 'line')} in ${counted(files, 'file')}, ${counted(returned, 'customer')} ${verb}`,
    );
    if (unreadable === null) return EXIT.done;
    const place =
      unreadable.line === null ? 'it is damaged' : `line ${String(unreadable.line)} is none of the ledger’s`;
    printToStderr(`Stopped at ${unreadable.file}: ${place}. Nothing of this file was used.`);
    if (after !== null) printToStderr(`To continue here later, add --after ${after}`);
    return EXIT.problem;
  },
};

const ledgerPorts = () => {
  const store = objectStore(optionalSetting('LEDGER_BUCKET') ?? '');
  const show = startProgress();
  let [read, total] = [0, 0];
  return {
    ledgerKeys: async function* (after: string | undefined, deadline: number) {
      const files = { prefix: LEDGER_PREFIX, after };
      const keys = keysAfter(store, files, deadline);
      while ((await keys.next()).done !== true) total += 1;
      yield* keysAfter(store, files, deadline);
    },
    readLedger: (key: string, deadline: number) => {
      show(partOf(read, total, 'files'));
      read += 1;
      return readText(store, key, deadline);
    },
  };
};
