import { parseArgs } from 'node:util';
import { contract } from '#functions/verify-histories/contract.ts';
import { verifyHistories as useCase } from '#functions/verify-histories/verify-histories.ts';
import { checkHistories, type Place } from '#lib/store/histories.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { idFrom } from './ids.ts';
import { runTask } from './run-task.ts';
import { complain, onInterrupt, say, startProgress, tellCount, thousands } from './terminal.ts';

const INTERRUPTED = 130;

export const verifyHistories: Command = {
  name: 'verify-histories',
  summary: 'Check that no history was altered, of customers gone for good too',
  help: [
    '  --business <id>             one business',
    '  --all                       every business',
    '  --after <business>/<id>     go on where an earlier run stopped',
    '',
    'Prints a line for each history that is not what was written: business, customer, and what is wrong with it.',
    'Status 1 when there is one. It reads only, and may run at any time.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const walk = walkFrom(args);
    const progress = startProgress();
    let last: Place | undefined = walk.after;
    const stopListening = onInterrupt(() => {
      progress.end();
      complain(last === undefined ? 'Stopped.' : `Stopped. Go on with --after ${textOf(last)}`);
      process.exit(INTERRUPTED);
    });
    const { outcome, checked, flawed, after } = await runTask(
      contract,
      useCase({
        checkHistories: async function* (...asked) {
          for await (const batch of checkHistories(...asked)) {
            last = batch.last;
            yield batch;
          }
        },
        logEvent: tellCount(progress, { field: 'checkedSoFar', what: 'histories checked' }),
        countFlawed: () => undefined,
        nowMs: () => Date.now(),
      }),
      walk,
    );
    stopListening();
    progress.end();
    for (const { businessId, customerId, trouble } of flawed) say(`${businessId} ${customerId} ${trouble}`);
    say(`${thousands(checked)} histories checked, ${thousands(flawed.length)} not as they were written`);
    if (outcome !== 'finished' && after !== null)
      complain(`Not finished. Go on with --after ${textOf(after)}`);
    return outcome === 'finished' && flawed.length === 0 ? EXIT.done : EXIT.found;
  },
};

const textOf = ({ businessId, customerId }: Place): string => `${businessId}/${customerId}`;

const walkFrom = (args: readonly string[]): { businessId?: string; after?: Place } => {
  const { values } = parseArgs({
    args: [...args],
    options: { business: { type: 'string' }, all: { type: 'boolean' }, after: { type: 'string' } },
  });
  const { business, all = false, after } = values;
  if ((business === undefined) !== all) throw new Misuse('Say either --business <id> or --all.');
  const businessId = business === undefined ? undefined : idFrom('--business', business);
  const place = after === undefined ? undefined : placeFrom(after);
  if (businessId !== undefined && place !== undefined && place.businessId !== businessId)
    throw new Misuse('--after is in another business than --business.');
  return { ...(businessId !== undefined && { businessId }), ...(place !== undefined && { after: place }) };
};

const placeFrom = (text: string): Place => {
  const [businessId = '', customerId = ''] = text.split('/');
  return { businessId: idFrom('--after', businessId), customerId: idFrom('--after', customerId) };
};
