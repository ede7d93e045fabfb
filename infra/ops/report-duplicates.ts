import { parseArgs } from 'node:util';
import { countLive } from '#lib/store/customer-walk.ts';
import { walkDuplicates } from '#lib/store/duplicate-walk.ts';
import type { DuplicatePair } from '#lib/store/possible-duplicates.ts';
import { actInBusiness } from './business-scope.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { formatFrom } from './options.ts';
import { complain, say, startProgress, thousands } from './terminal.ts';

export const reportDuplicates: Command = {
  name: 'report-duplicates',
  summary: 'List the pairs of customers of a business who may be one person',
  help: [
    '  --business <id> --actor <name>',
    '  --format ndjson|csv      ndjson unless told',
    '  --least-score <number>   from 40, which is all, to 100',
    '',
    'Prints a line for each pair: two ids, a score and what speaks for it, never a value. It reads only. Customers from',
    'before an update are in it once reencrypt has finished.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { format, leastScore, ...who } = askedBy(args);
    return await actInBusiness({ ...who, purpose: 'keep-data-accurate' }, async (scope) => {
      const count = await countLive(scope);
      const progress = startProgress();
      const tooCommon = new Set<string>();
      let [done, reported] = [0, 0];
      if (format === 'csv') say('one,other,score,reasons');
      for await (const slice of walkDuplicates(scope)) {
        const pairs = slice.pairs.filter(({ score }) => score >= leastScore);
        if (pairs.length > 0) say(pairs.map(LINE_IN[format]).join('\n'));
        for (const kind of slice.tooCommon) tooCommon.add(kind);
        reported += pairs.length;
        done += slice.done;
        progress.tell(`${thousands(done)} of ${thousands(count)} customers, ${thousands(reported)} pairs`);
      }
      progress.end();
      complain(`${thousands(reported)} pairs among ${thousands(done)} customers`);
      if (tooCommon.size > 0)
        complain(
          `Nobody was compared by what more than 20 have the same of: ${[...tooCommon].sort().join(', ')}`,
        );
      return EXIT.done;
    });
  },
};

type Line = (pair: DuplicatePair) => string;

const idsOf = ({ customers }: DuplicatePair): string[] => customers.map(({ id }) => id);

const LINE_IN: Readonly<Record<'ndjson' | 'csv', Line>> = {
  ndjson: (pair) => JSON.stringify({ customers: idsOf(pair), score: pair.score, reasons: pair.reasons }),
  csv: (pair) => [...idsOf(pair), String(pair.score), pair.reasons.join(' ')].join(','),
};

const askedBy = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      business: { type: 'string' },
      actor: { type: 'string' },
      format: { type: 'string', default: 'ndjson' },
      'least-score': { type: 'string', default: '40' },
    },
  });
  const { business, actor, format, 'least-score': least } = values;
  const leastScore = Number(least);
  if (!Number.isInteger(leastScore) || leastScore < 0 || leastScore > 100)
    throw new Misuse('--least-score takes a whole number from 0 to 100.');
  return { business, actor, format: formatFrom(format), leastScore } as const;
};
