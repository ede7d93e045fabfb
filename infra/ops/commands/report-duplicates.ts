import { parseArgs } from 'node:util';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { countLive } from '#lib/store/customers/live-customers.ts';
import { walkDuplicates } from '#lib/store/duplicates/duplicate-walk.ts';
import type { DuplicatePair } from '#lib/store/duplicates/possible-duplicates.ts';
import { OPERATOR_HELP, OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf } from '../count-with-progress.ts';
import { formatFrom } from '../options.ts';
import { counted, print, printToStderr } from '../terminal.ts';
import { type RecordFormats, writeRecords } from '../write-records.ts';

export const reportDuplicates: Command = {
  name: 'report-duplicates',
  summary: 'List pairs of customers of a business that may be the same person.',
  usage: '--business <id> --actor <name> [options]',
  help: [
    ...OPERATOR_HELP,
    '  --format ndjson|csv        the format of the list (default: ndjson)',
    '  --least-score <number>     list only pairs with this score or more, 0 to 100 (default: 40, which lists all)',
    '',
    'Prints one line for each pair: the two ids, a score and the reasons, never a value. It changes nothing.',
    'Customers stored before an update appear once reencrypt has finished.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { format, leastScore, operator } = optionsFrom(args);
    const scope = operatorScope(operator, 'keep-data-accurate');
    const count = await countLive(scope);
    const tooCommon = new Set<string>();
    const { sums } = await writeRecords(slicesOf({ scope, leastScore, tooCommon }), {
      format: FORMATS[format],
      write: (text) => {
        print(text.trimEnd());
      },
      progressOf: ({ customers, records }) => ({
        ...partOf(customers, count, 'customers'),
        more: counted(records, 'pair'),
      }),
    });
    printToStderr(`Found ${counted(sums.records, 'pair')} among ${counted(sums.customers, 'customer')}`);
    if (tooCommon.size > 0)
      printToStderr(
        `Values shared by more than 20 customers were not used for matching: ${[...tooCommon].sort().join(', ')}`,
      );
    return EXIT.done;
  },
};

type Walk = Readonly<{ scope: BusinessScope; leastScore: number; tooCommon: Set<string> }>;

/** The pairs with a high enough score. What was too common to match by is added to `tooCommon`. */
async function* slicesOf({ scope, leastScore, tooCommon }: Walk) {
  for await (const { pairs, done, tooCommon: kinds } of walkDuplicates(scope)) {
    for (const kind of kinds) tooCommon.add(kind);
    yield { records: pairs.filter(({ score }) => score >= leastScore), customers: done };
  }
}

const idsOf = ({ customers }: DuplicatePair): string[] => customers.map(({ id }) => id);

const FORMATS: RecordFormats<DuplicatePair> = {
  ndjson: {
    header: '',
    lineOf: (pair) =>
      `${JSON.stringify({ customers: idsOf(pair), score: pair.score, reasons: pair.reasons })}\n`,
  },
  csv: {
    header: 'one,other,score,reasons\n',
    lineOf: (pair) => `${[...idsOf(pair), String(pair.score), pair.reasons.join(' ')].join(',')}\n`,
  },
};

const optionsFrom = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...OPERATOR_OPTIONS,
      format: { type: 'string', default: 'ndjson' },
      'least-score': { type: 'string', default: '40' },
    },
  });
  const leastScore = Number(values['least-score']);
  if (!Number.isInteger(leastScore) || leastScore < 0 || leastScore > 100)
    throw new UsageError('--least-score must be a whole number from 0 to 100.');
  return { operator: values, format: formatFrom(values.format), leastScore };
};
