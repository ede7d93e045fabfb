import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CUSTOMER_TYPES } from '#lib/domain/customer.ts';
import { actInBusiness } from './business-scope.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { mappingFrom } from './import/columns.ts';
import { type Import, importRows } from './import/import-rows.ts';
import type { Bad } from './import/judge.ts';
import { rowsOf, type Source, survey } from './import/source.ts';
import { fileFrom } from './options.ts';
import { complain, say, startProgress, thousands } from './terminal.ts';

export const importCustomers: Command = {
  name: 'import',
  summary: 'Bring the customers of a CSV or NDJSON file into a business',
  help: [
    '  <file> --business <id> --actor <name>',
    '  --map "Vorname=firstName,Tel=phone"   which column is which field; - leaves one out; known names are guessed',
    '  --type <customerType>                 of rows that say none; regular unless told',
    '  --format csv|ndjson, --delimiter <c>  found out by the file unless told',
    '  --dry-run                             say what is wrong with every line, write nothing',
    '  --all-or-nothing                      write nothing when there is one bad line',
    '  --report <file>                       where bad lines go as NDJSON; <file>.refused.ndjson unless told',
    '',
    'It may be stopped and run again with the same file at any time: what is there already is skipped.',
    'Status 1 when there is a bad line. Output and report name lines, fields and rules, never a value.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { source, reportFile, isDryRun, isAllOrNothing, type, ...who } = askedBy(args);
    return await actInBusiness({ ...who, purpose: 'take-over-records' }, async (scope) => {
      const { rows, digest } = await survey(source);
      const run = (isRehearsal: boolean) =>
        runImport({ source, rows, reportFile }, { digest, type, scope, isDryRun: isRehearsal });
      if (isAllOrNothing && !isDryRun && (await run(true)) > 0) {
        complain('Nothing was imported.');
        return EXIT.found;
      }
      return (await run(isDryRun)) > 0 ? EXIT.found : EXIT.done;
    });
  },
};

type Files = Readonly<{ source: Source; rows: number; reportFile: string }>;

/** Runs it to the end and answers how many lines are bad. */
const runImport = async ({ source, rows, reportFile }: Files, asked: Import): Promise<number> => {
  const progress = startProgress();
  const report = await open(reportFile, 'w', 0o600);
  const sum = { imported: 0, skipped: 0, bad: 0 };
  try {
    for await (const { imported, skipped, bad } of importRows(rowsOf(source), asked)) {
      sum.imported += imported;
      sum.skipped += skipped;
      sum.bad += bad.length;
      await report.write(bad.map((one) => `${JSON.stringify(one)}\n`).join(''));
      if (asked.isDryRun) tellBad(bad);
      progress.tell(`${thousands(sum.imported + sum.skipped + sum.bad)} of ${thousands(rows)} lines`);
    }
  } finally {
    await report.close();
    progress.end();
  }
  const lines = sum.imported + sum.skipped + sum.bad;
  const done = asked.isDryRun ? 'could be imported' : 'imported';
  say(
    `${thousands(sum.imported)} ${done}, ${thousands(sum.skipped)} there already, ${thousands(sum.bad)} bad; ` +
      `${progress.perSecond(lines)} lines a second`,
  );
  if (sum.bad > 0) complain(`The bad lines are in ${reportFile}`);
  return sum.bad;
};

const tellBad = (bad: readonly Bad[]): void => {
  for (const { line, findings } of bad)
    for (const { field, rule, line: earlier, existing } of findings) {
      const other = earlier === undefined ? (existing ?? '') : `as in line ${String(earlier)}`;
      complain(`line ${String(line)}: ${field}: ${rule} ${other}`.trimEnd());
    }
};

const askedBy = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      business: { type: 'string' },
      actor: { type: 'string' },
      map: { type: 'string' },
      type: { type: 'string' },
      format: { type: 'string' },
      delimiter: { type: 'string' },
      report: { type: 'string' },
      'dry-run': { type: 'boolean' },
      'all-or-nothing': { type: 'boolean' },
    },
  });
  const file = fileFrom(positionals);
  const type = CUSTOMER_TYPES.find((one) => one === values.type);
  if (values.type !== undefined && type === undefined)
    throw new Misuse(`--type takes one of ${CUSTOMER_TYPES.join(', ')}.`);
  const format = values.format ?? (/\.(?:ndjson|jsonl)$/.test(file) ? 'ndjson' : 'csv');
  if (format !== 'csv' && format !== 'ndjson') throw new Misuse('--format takes csv or ndjson.');
  const delimiter = values.delimiter === '\\t' ? '\t' : values.delimiter;
  const mapping = values.map === undefined ? new Map() : mappingFrom(values.map);
  const source: Source = { file, format, delimiter, mapping };
  return {
    source,
    business: values.business,
    actor: values.actor,
    type,
    reportFile: values.report ?? `${file}.refused.ndjson`,
    isDryRun: values['dry-run'] ?? false,
    isAllOrNothing: values['all-or-nothing'] ?? false,
  };
};
