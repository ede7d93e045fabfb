import { parseArgs } from 'node:util';
import { contract } from '#functions/activity/recount-activity/contract.ts';
import { recountActivity as useCase } from '#functions/activity/recount-activity/recount-activity.ts';
import { recountActivity as recount } from '#lib/store/activity/recount.ts';
import { countLinks } from '#lib/store/histories/count-histories.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf, showCountOf } from '../count-with-progress.ts';
import { idFrom, placeAfter } from '../options.ts';
import { runTask } from '../run-task.ts';
import { counted, print, printToStderr, thousands } from '../terminal.ts';

export const recountActivity: Command = {
  name: 'recount-activity',
  summary: 'Count the orders and payments of customers again, and compare with what their records say.',
  usage: '--business <id> | --all [options]',
  help: [
    'Options:',
    '  --business <id>                      count one business',
    '  --all                                count every business',
    '  --after <business id>/<customer id>  continue where an earlier run stopped',
    '  --fix                                write what was counted. Without it, nothing is written',
    '',
    'Prints one line for each customer whose record differs: business, customer, and the names of the fields.',
    'The exit status is 1 when one differs and --fix is not given. It may run at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const options = optionsFrom(args);
    let total = 0;
    const ports = {
      recountActivity: async function* (...asked: Parameters<typeof recount>) {
        total = await countLinks(...asked);
        yield* recount(...asked);
      },
      logEvent: showCountOf('counted', (done) => partOf(done, total, 'customers')),
      nowMs: () => Date.now(),
    };
    const done = await runTask(contract, useCase(ports), options);
    for (const { businessId, customerId, fields } of done.differences)
      print(`${businessId} ${customerId} ${fields.join(' ')}`);
    const what = done.fixed ? 'differed and were written' : 'differ';
    print(`${counted(done.counted, 'customer')} counted, ${thousands(done.different)} ${what}`);
    if (done.after !== null)
      printToStderr(
        `Stopped early. To continue, add --after ${done.after.businessId}/${done.after.customerId}`,
      );
    const isDone = done.outcome === 'finished' && (done.different === 0 || done.fixed);
    return isDone ? EXIT.done : EXIT.problem;
  },
};

const optionsFrom = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      business: { type: 'string' },
      all: { type: 'boolean', default: false },
      after: { type: 'string' },
      fix: { type: 'boolean', default: false },
    },
  });
  const { business, all, after, fix } = values;
  if ((business === undefined) === !all)
    throw new UsageError(
      'Use --business <id> to count one business, or --all to count every business; one of them, not both.',
    );
  const businessId = business === undefined ? undefined : idFrom('--business', business);
  const place = after === undefined ? undefined : placeAfter(after);
  if (businessId !== undefined && place !== undefined && place.businessId !== businessId)
    throw new UsageError('--after names another business than --business. Use the same business in both.');
  return { fix, ...(businessId !== undefined && { businessId }), ...(place && { after: place }) };
};
