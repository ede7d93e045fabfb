import { parseArgs } from 'node:util';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { OPERATOR_HELP, OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { type Counts, countWithProgress, partOf } from '../count-with-progress.ts';
import { EXTENSION_HELP, EXTENSION_OPTION, openExtensionLog } from '../extension-log.ts';
import type { RefusedLine } from '../import/check-line.ts';
import { mappingFrom } from '../import/columns.ts';
import { ENCODINGS } from '../import/encoding.ts';
import { type FoundFile, type ImportFile, rowsOf } from '../import/import-file.ts';
import { type Import, importRows } from '../import/import-rows.ts';
import { createReport, type RefusedReport } from '../import/refused-report.ts';
import { survey } from '../import/survey.ts';
import { confirmUnderstanding } from '../import/understanding.ts';
import { fileFrom, formatFrom, meantDelimiter } from '../options.ts';
import { print, printToStderr, thousands } from '../terminal.ts';

export const importCustomers: Command = {
  name: 'import',
  summary: 'Import customers from a CSV or NDJSON file into a business.',
  usage: '<file> --business <id> --actor <name> [options]',
  help: [
    ...OPERATOR_HELP,
    '  --map <pairs>              which column holds which field: "Vorname=firstName,#5=phone"; #5 is the fifth column,',
    '                             - skips a column; consents: "Newsletter=consent:marketing:email,Since=consent:marketing:email:at"',
    '  --yes                      import without asking whether the columns are right',
    '  --type <customerType>      the type of customers whose line gives none (default: regular)',
    '  --format csv|ndjson        the format of the file (default: by its ending, otherwise csv)',
    '  --delimiter <character>    what separates CSV cells (default: found in the first lines)',
    '  --encoding <name>          utf-8, utf-16le, utf-16be, windows-1250, -1251 or -1252 (default: found in the file)',
    '  --dry-run                  check every line and write no customers',
    '  --all-or-nothing           write nothing if any line is refused',
    ...EXTENSION_HELP,
    '  --report <file>            where refused lines are listed as NDJSON; it must not exist yet (default: a new file,',
    '                             <file>.refused.ndjson, or <file>.refused-2.ndjson and so on)',
    '',
    'You can stop it at any time and run it again with the same file: lines that are already imported are skipped.',
    'The columns of a CSV are printed before anything is written, with the field of each and the shape of some values.',
    'Output and report name lines, fields and rules, never a value. The exit status is 1 if a line was refused.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { source, encoding, reportFile, isDryRun, isAllOrNothing, isConfirmed, type, operator, accessLog } =
      optionsFrom(args);
    const scope = operatorScope(operator, 'take-over-records');
    const surveyed = await survey(source, encoding);
    if (!(await confirmUnderstanding(surveyed, isConfirmed || isDryRun))) {
      printToStderr('Nothing was imported. To change which column holds which field, add --map.');
      return EXIT.problem;
    }
    const { found, rows, digest } = surveyed;
    const report = await createReport(reportFile, source.file);
    const log = await openExtensionLog(accessLog, { useCase: 'import-customers', scope });
    const { record } = log;
    const run = (settings: Pick<Import, 'isDryRun'>): Promise<number> =>
      runImport({ found, rows, report }, { digest, type, scope, record, ...settings });
    try {
      if (isAllOrNothing && !isDryRun && (await run({ isDryRun: true })) > 0) {
        printToStderr('Nothing was imported, because --all-or-nothing is set and some lines were refused.');
        return EXIT.problem;
      }
      return (await run({ isDryRun })) > 0 ? EXIT.problem : EXIT.done;
    } finally {
      await log.close();
      await report.close();
    }
  },
};

type Files = Readonly<{ found: FoundFile; rows: number; report: RefusedReport }>;

/** Imports the whole file, or checks it. Returns how many lines were refused. */
const runImport = async ({ found, rows, report }: Files, settings: Import): Promise<number> => {
  const zero = { imported: 0, skipped: 0, refused: 0 };
  async function* steps(): AsyncGenerator<Counts<keyof typeof zero>> {
    for await (const { imported, skipped, refused } of importRows(rowsOf(found), settings)) {
      await report.add(refused);
      if (settings.isDryRun) refused.flatMap(findingTexts).forEach(printToStderr);
      yield { imported, skipped, refused: refused.length };
    }
  }
  const lines = (sums: Counts<keyof typeof zero>): number => sums.imported + sums.skipped + sums.refused;
  const { sums, perSecond } = await countWithProgress(steps(), zero, (so) =>
    partOf(lines(so), rows, 'lines'),
  );
  print(
    `${thousands(sums.imported)} ${settings.isDryRun ? 'would be imported' : 'imported'}, ` +
      `${thousands(sums.skipped)} already imported, ${thousands(sums.refused)} refused; ` +
      `${perSecond(lines(sums))} lines per second`,
  );
  if (sums.refused > 0) printToStderr(`The refused lines are listed in ${report.file}`);
  return sums.refused;
};

const findingTexts = ({ line, findings }: RefusedLine): readonly string[] =>
  findings.map((finding) => {
    const { field, rule, line: earlier, existing, allowed, length, limit, says } = finding;
    const other = earlier === undefined ? existing && `customer ${existing}` : `line ${String(earlier)}`;
    const facts = [
      `line ${String(line)}: ${field}: ${rule}`,
      ...(other === undefined ? [] : [`same as ${other}`]),
      ...(allowed === undefined ? [] : [`must be one of: ${allowed.join(', ')}`]),
      ...(length === undefined ? [] : [`length ${String(length)}`]),
      ...(limit === undefined ? [] : [`limit ${String(limit)}`]),
    ];
    return `${facts.join(', ')}${says === undefined ? '' : `. ${says}`}`;
  });

const optionsFrom = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...OPERATOR_OPTIONS,
      ...EXTENSION_OPTION,
      map: { type: 'string' },
      type: { type: 'string' },
      format: { type: 'string' },
      delimiter: { type: 'string' },
      report: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      encoding: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'all-or-nothing': { type: 'boolean', default: false },
    },
  });
  const file = fileFrom(positionals);
  const type = CUSTOMER_TYPES.find((one) => one === values.type);
  if (values.type !== undefined && type === undefined)
    throw new UsageError(`--type must be one of ${CUSTOMER_TYPES.join(', ')}.`);
  const format = formatFrom(values.format ?? (/\.(?:ndjson|jsonl)$/.test(file) ? 'ndjson' : 'csv'));
  const delimiter = values.delimiter === undefined ? undefined : meantDelimiter(values.delimiter);
  const encoding = ENCODINGS.find((one) => one === values.encoding);
  if (values.encoding !== undefined && encoding === undefined)
    throw new UsageError(`--encoding must be one of ${ENCODINGS.join(', ')}.`);
  const mapping = values.map === undefined ? [] : mappingFrom(values.map);
  const source: ImportFile = { file, format, delimiter, mapping };
  return {
    source,
    encoding,
    isConfirmed: values.yes,
    operator: values,
    type,
    reportFile: values.report,
    isDryRun: values['dry-run'],
    isAllOrNothing: values['all-or-nothing'],
    accessLog: values['access-log'],
  };
};
