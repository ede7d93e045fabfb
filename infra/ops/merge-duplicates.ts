import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { mergeCustomer } from '#functions/merge-customer/merge-customer.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { findSurvivor } from '#lib/store/customer-reader.ts';
import { mergePorts } from '#lib/store/merges.ts';
import { commit } from '#lib/store/unit-of-work.ts';
import { actInBusiness } from './business-scope.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { isId } from './ids.ts';
import { fileFrom } from './options.ts';
import { complain, say, startProgress, thousands } from './terminal.ts';

export const mergeDuplicates: Command = {
  name: 'merge-duplicates',
  summary: 'Merge the pairs of a file that report-duplicates wrote and somebody looked through',
  help: [
    '  <file> --business <id> --actor <name>',
    '  --dry-run                say what each line would come to, write nothing',
    '',
    'Each line names two customers: {"customers":["<who stays>","<who goes into it>"]}; other fields make no difference.',
    'Take out the lines of two people first. A pair is merged by itself, and can be unmerged for 30 days. It may be',
    'stopped and run again with the same file at any time: what is one customer already is skipped.',
    'Status 1 when a line could not be merged; what was wrong with it is printed, with its number.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { file, isDryRun, ...who } = askedBy(args);
    return await actInBusiness({ ...who, purpose: 'keep-data-accurate' }, async (scope) => {
      const pairs = await readPairs(file);
      const progress = startProgress();
      const sum = { merged: 0, 'there already': 0, refused: 0 };
      for (const [index, pair] of pairs.entries()) {
        const fate = await settled(pair, isDryRun, scope);
        sum[fate instanceof Refusal ? 'refused' : fate] += 1;
        if (fate instanceof Refusal) {
          progress.end();
          say(`line ${String(pair.line)}: ${fate.code}: ${fate.message}`);
        }
        progress.tell(`${thousands(index + 1)} of ${thousands(pairs.length)} pairs`);
      }
      progress.end();
      const done = isDryRun ? 'could be merged' : 'merged';
      complain(
        `${thousands(sum.merged)} ${done}, ${thousands(sum['there already'])} there already, ${thousands(sum.refused)} refused`,
      );
      return sum.refused > 0 ? EXIT.found : EXIT.done;
    });
  },
};

/** A line of the file: who stays, and who goes into it. */
type Line = Readonly<{ line: number; ids: readonly [survivorId: string, loserId: string] }>;

/**
 * All lines, before the first is merged: half a file is nobody's intention.
 * @throws Misuse that names the first line that is no pair
 */
const readPairs = async (file: string): Promise<readonly Line[]> => {
  const handle = await open(file).catch((cause: unknown) => {
    throw new Misuse(`${file} cannot be read.`, { cause });
  });
  const pairs: Line[] = [];
  let line = 0;
  // It closes the file at the end, be that early.
  for await (const text of handle.readLines({ encoding: 'utf8' })) {
    line += 1;
    if (text.trim() === '') continue;
    const [survivorId, loserId, ...more] = idsIn(text);
    if (survivorId === undefined || loserId === undefined || more.length > 0)
      throw new Misuse(`Line ${String(line)} is no {"customers":["<id>","<id>"]}. Nothing was merged.`);
    pairs.push({ line, ids: [survivorId, loserId] });
  }
  return pairs;
};

const idsIn = (text: string): readonly string[] => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('customers' in parsed)) return [];
    const { customers } = parsed;
    return Array.isArray(customers) && customers.every((id) => typeof id === 'string' && isId(id))
      ? customers.map(String)
      : [];
  } catch {
    return [];
  }
};

/** What became of a pair: a refusal is its own matter, and the next one goes on. */
type Fate = 'merged' | 'there already' | Refusal;
const MOST_TRIES = 5;

const settled = async (pair: Line, isDryRun: boolean, whole: BusinessScope, tries = 1): Promise<Fate> => {
  try {
    // What one attempt read is not kept for the next.
    return await merge(pair, isDryRun, whole.again());
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (!(error instanceof Conflict) || tries >= MOST_TRIES) throw error;
    return await settled(pair, isDryRun, whole, tries + 1);
  }
};

/** Merges two, whoever they have been merged into by earlier lines. */
const merge = async ({ ids }: Line, dryRun: boolean, scope: BusinessScope): Promise<Fate> => {
  const [survivor, loser] = [await findSurvivor(ids[0], scope), await findSurvivor(ids[1], scope)];
  if (survivor === null || loser === null) throw customerNotFound();
  if (survivor.id === loser.id) return 'there already';
  const body = { loserId: loser.id, dryRun };
  await mergeCustomer(mergePorts)({ params: { id: survivor.id }, query: undefined, body }, scope);
  await commit(scope);
  return 'merged';
};

const askedBy = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      business: { type: 'string' },
      actor: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
  });
  const file = fileFrom(positionals);
  return { file, business: values.business, actor: values.actor, isDryRun: values['dry-run'] ?? false };
};
