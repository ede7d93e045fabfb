import { parseArgs } from 'node:util';
import { contract } from '#functions/histories/verify-histories/contract.ts';
import { verifyHistories as useCase } from '#functions/histories/verify-histories/verify-histories.ts';
import { checkHistories, type Place } from '#lib/store/histories/check-histories.ts';
import { countHistories } from '#lib/store/histories/count-histories.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf, showCountOf } from '../count-with-progress.ts';
import { compared, type Log, notesOn, readLines } from '../line-comparison.ts';
import { idFrom, placeAfter } from '../options.ts';
import { runTask } from '../run-task.ts';
import { counted, onInterrupt, print, printToStderr, thousands } from '../terminal.ts';

const INTERRUPTED = 130;

export const verifyHistories: Command = {
  name: 'verify-histories',
  summary: 'Check that no customer history was altered, purged customers included.',
  usage: '--business <id> | --all [options]',
  help: [
    'Options:',
    '  --business <id>                      check one business',
    '  --all                                check every business',
    '  --after <business id>/<customer id>  continue where an earlier run stopped',
    '  --lines <file>                       compare with these lines of the access log (history-extended)',
    '',
    'Prints one line for each history that fails: business, customer, and what is wrong:',
    '  broken-history     it was altered',
    '  key-missing        it needs a key that the keyring does not have',
    '  customer-missing   there is a history or a line, but neither the customer nor a record of its purge',
    '  older-than-line    a line has a higher number: the newest changes were taken back',
    '  differs-from-line  a line has the same number and another head: changes were taken back and others made',
    '',
    'Without lines, it cannot notice that everything about a customer was set back to an earlier state, or deleted.',
    'The file may be an export of the log group, or the answer of: aws logs filter-log-events',
    'The exit status is 1 when a history fails or a line cannot be read. It changes nothing and may run at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { lines: file, ...walk } = optionsFrom(args);
    const log = await readLines(file, walk.businessId);
    const { outcome, checked, former, flawed, after } = await verify(walk, log);
    const missing = log.newest.missing((place) =>
      isBetween(place, walk, outcome === 'finished' ? null : after),
    );
    const troubles = [
      ...flawed,
      ...missing.map((place) => ({ ...place, trouble: 'customer-missing' as const })),
    ];
    for (const { businessId, customerId, trouble } of troubles)
      print(`${businessId} ${customerId} ${trouble}`);
    print(`${counted(checked, 'history', 'histories')} checked, ${thousands(troubles.length)} failed`);
    for (const note of notesOn({ file, former, ...log })) printToStderr(note);
    if (outcome !== 'finished' && after !== null)
      printToStderr(`Stopped early: ${outcome}. To continue, add --after ${textOf(after)}`);
    const isDone = outcome === 'finished' && troubles.length === 0 && log.unreadable.length === 0;
    return isDone ? EXIT.done : EXIT.problem;
  },
};

const verify = async (walk: Walk, log: Log) => {
  let last: Place | undefined = walk.after;
  let total = 0;
  const stopListening = onInterrupt(() => {
    printToStderr(last === undefined ? 'Stopped.' : `Stopped. To continue, add --after ${textOf(last)}`);
    process.exit(INTERRUPTED);
  });
  const ports = {
    checkHistories: async function* (...asked: Parameters<typeof checkHistories>) {
      total = await countHistories(...asked);
      for await (const batch of checkHistories(...asked)) {
        last = batch.last;
        yield compared(batch, log);
      }
    },
    logEvent: showCountOf('checkedSoFar', (done) => partOf(done, total, 'histories')),
    countFlawed: () => undefined,
    nowMs: () => Date.now(),
  };
  return await runTask(contract, useCase(ports), walk).finally(stopListening);
};

/** Whether this run has come by a customer. @param last where it stopped early; null when it did not */
const isBetween = (place: Place, { after }: Walk, last: Place | null): boolean =>
  (after === undefined || textOf(place) > textOf(after)) && (last === null || textOf(place) <= textOf(last));

const textOf = ({ businessId, customerId }: Place): string => `${businessId}/${customerId}`;

type Walk = Readonly<{ businessId?: string; after?: Place }>;

const optionsFrom = (args: readonly string[]): Walk & Readonly<{ lines: string | undefined }> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      business: { type: 'string' },
      all: { type: 'boolean' },
      after: { type: 'string' },
      lines: { type: 'string' },
    },
  });
  const { business, all = false, after, lines } = values;
  if (business === undefined && !all)
    throw new UsageError(
      'Missing --business or --all. Add --business <id> to check one business, or --all to check every business.',
    );
  if (business !== undefined && all) throw new UsageError('Use either --business or --all, not both.');
  const businessId = business === undefined ? undefined : idFrom('--business', business);
  const place = after === undefined ? undefined : placeAfter(after);
  if (businessId !== undefined && place !== undefined && place.businessId !== businessId)
    throw new UsageError('--after names another business than --business. Use the same business in both.');
  return {
    ...(businessId !== undefined && { businessId }),
    ...(place !== undefined && { after: place }),
    lines,
  };
};
