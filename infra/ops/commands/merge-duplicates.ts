import { parseArgs } from 'node:util';
import { mergeCustomer } from '#functions/duplicates/merge-customer/merge-customer.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { findSurvivor } from '#lib/store/customers/reader.ts';
import { commit, rehearse } from '#lib/store/database/unit-of-work.ts';
import { merges } from '#lib/store/duplicates/merges.ts';
import { OPERATOR_HELP, OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { type Counts, countWithProgress, partOf } from '../count-with-progress.ts';
import { EXTENSION_HELP, EXTENSION_OPTION, type ExtensionLog, openExtensionLog } from '../extension-log.ts';
import { fileFrom, isId } from '../options.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { print, printToStderr, thousands } from '../terminal.ts';
import { readNdjson } from '../text-files.ts';

const ZERO = { merged: 0, alreadyMerged: 0, refused: 0 };
type Merged = Counts<keyof typeof ZERO>;

export const mergeDuplicates: Command = {
  name: 'merge-duplicates',
  summary: 'Merge the pairs of customers in a file from report-duplicates, after you have reviewed it.',
  usage: '<file> --business <id> --actor <name> [options]',
  help: [
    ...OPERATOR_HELP,
    '  --dry-run                  check what each line would do and write nothing',
    ...EXTENSION_HELP,
    '',
    'Each line names two customers: {"customers":["<id to keep>","<id to merge into it>"]}. Other fields are ignored.',
    'First delete the lines of pairs that are two people. Each pair is merged on its own, and can be unmerged for 30 days.',
    'You can stop it at any time and run it again with the same file: pairs that are already merged are skipped.',
    'A refused line is printed with its number and the reason. The exit status is then 1.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { file, isDryRun, operator, accessLog } = optionsFrom(args);
    const scope = operatorScope(operator, 'keep-data-accurate');
    const pairs = await readPairs(file);
    const log = await openExtensionLog(accessLog, { useCase: 'merge-duplicates', scope });
    const settings = { isDryRun, record: log.record };
    async function* steps(): AsyncGenerator<Merged> {
      for (const pair of pairs) yield { ...ZERO, [await outcomeOf(pair, settings, scope)]: 1 };
    }
    const { sums } = await countWithProgress(steps(), ZERO, ({ merged, alreadyMerged, refused }) =>
      partOf(merged + alreadyMerged + refused, pairs.length, 'pairs'),
    ).finally(log.close);
    printToStderr(
      `${thousands(sums.merged)} ${isDryRun ? 'would be merged' : 'merged'}, ` +
        `${thousands(sums.alreadyMerged)} already merged, ${thousands(sums.refused)} refused`,
    );
    return sums.refused > 0 ? EXIT.problem : EXIT.done;
  },
};

/** A line of the file: the customer to keep, and the one to merge into it. */
type Pair = Readonly<{ line: number; ids: readonly [survivorId: string, loserId: string] }>;

/**
 * Reads all lines before the first pair is merged: a file that is wrong anywhere merges nothing.
 * @throws UsageError naming the first line that is not a pair
 */
const readPairs = async (file: string): Promise<readonly Pair[]> => {
  const pairs: Pair[] = [];
  for await (const { line, object } of readNdjson(file)) {
    const [survivorId, loserId, ...more] = idsIn(object?.['customers']);
    if (survivorId === undefined || loserId === undefined || more.length > 0)
      throw new UsageError(
        `Line ${String(line)} must be {"customers":["<id>","<id>"]}. Correct it and run again. Nothing was merged.`,
      );
    pairs.push({ line, ids: [survivorId, loserId] });
  }
  return pairs;
};

const idsIn = (customers: unknown): readonly string[] =>
  Array.isArray(customers) && customers.every((id) => typeof id === 'string' && isId(id))
    ? customers.map(String)
    : [];

type Settings = Readonly<{ isDryRun: boolean; record: ExtensionLog['record'] }>;

/** Merges a pair. A refusal is printed, and the next pair follows. */
const outcomeOf = async (pair: Pair, settings: Settings, whole: BusinessScope): Promise<keyof Merged> => {
  try {
    return await retryConflicts(() => merge(pair, settings, whole.again()));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    print(`line ${String(pair.line)}: ${error.code}: ${error.message}`);
    return 'refused';
  }
};

const ports = { customers, merges, settingsOf: currentSettingsOf, rehearse, now: () => new Date() };

/** Merges the two customers, or those into which earlier lines have merged them. */
const merge = async (
  { ids }: Pair,
  { isDryRun: dryRun, record }: Settings,
  scope: BusinessScope,
): Promise<keyof Merged> => {
  const [survivor, loser] = [await findSurvivor(ids[0], scope), await findSurvivor(ids[1], scope)];
  if (survivor === null || loser === null) throw customerNotFound();
  if (survivor.id === loser.id) return 'alreadyMerged';
  const body = { loserId: loser.id, dryRun };
  await mergeCustomer(ports)({ params: { id: survivor.id }, query: undefined, body }, scope);
  await record(await commit(scope));
  return 'merged';
};

const optionsFrom = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...OPERATOR_OPTIONS, ...EXTENSION_OPTION, 'dry-run': { type: 'boolean', default: false } },
  });
  const { 'dry-run': isDryRun, 'access-log': accessLog } = values;
  return { file: fileFrom(positionals), operator: values, isDryRun, accessLog };
};
