import { parseArgs } from 'node:util';
import { OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT } from '../command.ts';
import { countWithProgress, partOf } from '../count-with-progress.ts';
import { demoCalls } from '../demo/demo-calls.ts';
import { INVENTED } from '../demo/invented-customers.ts';
import { hasRealCustomers, seed } from '../demo/seed.ts';
import { EXTENSION_HELP, EXTENSION_OPTION, openExtensionLog } from '../extension-log.ts';
import { print, printToStderr } from '../terminal.ts';

/** Who seeded, in the histories, when nobody is named. */
const ACTOR = 'demo';

export const seedDemo: Command = {
  name: 'seed-demo',
  summary: `Fill a business with ${String(INVENTED)} invented customers, and print calls that use them.`,
  usage: '--business <id> [options]',
  help: [
    'Options:',
    '  --business <id>            the business to fill (24 hexadecimal digits)',
    `  --actor <name>             your name; histories show it as operator:<name> (default: ${ACTOR})`,
    ...EXTENSION_HELP,
    '',
    'The customers have several languages, states, types, duplicates, visits, payments and consents. They are the same each time.',
    'You can stop it at any time and run it again: customers that exist stay as they are, also those that you changed meanwhile.',
    'It refuses a business that has a customer who may be real: one without an email of example.com, example.org or example.net.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { business, actor, 'access-log': accessLog } = optionsFrom(args);
    const scope = operatorScope({ business, actor }, 'take-over-records');
    if (await hasRealCustomers(scope)) {
      printToStderr(
        'Nothing was seeded, because this business has customers who may be real. Choose another business.',
      );
      return EXIT.problem;
    }
    const log = await openExtensionLog(accessLog, { useCase: 'seed-demo', scope });
    const steps = seed({ scope, record: log.record });
    await countWithProgress(steps, { done: 0 }, ({ done }) => partOf(done, INVENTED, 'customers')).finally(
      log.close,
    );
    print(demoCalls(scope.businessId));
    return EXIT.done;
  },
};

const optionsFrom = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: { ...OPERATOR_OPTIONS, ...EXTENSION_OPTION, actor: { type: 'string', default: ACTOR } },
  }).values;
