import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { countLive, walkLive } from '#lib/store/customers/live-customers.ts';
import { recordExport } from '../access-record.ts';
import { OPERATOR_HELP, OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { partOf } from '../count-with-progress.ts';
import { EXPORTED_FIELDS, exportedPhone, exportFormatFrom } from '../export-format.ts';
import { formatFrom } from '../options.ts';
import { createPrivateFile } from '../private-files.ts';
import { counted, printToStderr } from '../terminal.ts';
import { writeRecords } from '../write-records.ts';

export const exportCustomers: Command = {
  name: 'export',
  summary: 'Export the live customers of a business to a file.',
  usage: '--business <id> --actor <name> --format ndjson|csv --out <file> --access-log <file> [options]',
  help: [
    ...OPERATOR_HELP,
    '  --format ndjson|csv        the format of the file',
    '  --out <file>               the file to write; it must not exist yet',
    '  --access-log <file>        gets one line about this export, added before any customer is read; a file of yours',
    '  --delimiter <character>    what separates CSV cells: , ; | or \\t for a tab (default: ,)',
    '  --no-bom                   write a CSV without a byte order mark, for programs that do not expect one',
    '',
    'Only you can read the files (mode 0600). A customer that changes during the export is in the file once, as it was',
    'when its turn came. In CSV, an apostrophe is put before phones and before what a spreadsheet could run as a formula',
    'or show as another number; import removes it.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { format, out, accessLog, operator } = optionsFrom(args);
    const scope = operatorScope(operator, 'hand-over-records');
    const file = await createPrivateFile(out);
    try {
      const count = await recordedCount(accessLog, scope).catch(async (error: unknown) => {
        // Nothing was exported. The same command must be able to create the file again.
        await rm(out, { force: true });
        throw error;
      });
      const { sums, perSecond } = await writeRecords(slicesOf(scope), {
        format,
        write: (text) => file.write(text),
        progressOf: ({ customers }) => partOf(customers, count, 'customers'),
      });
      printToStderr(
        `Exported ${counted(sums.customers, 'customer')} to ${out}; ${perSecond(sums.customers)} per second`,
      );
      return EXIT.done;
    } finally {
      await file.close();
    }
  },
};

async function* slicesOf(scope: BusinessScope) {
  const { defaultCountry } = await currentSettingsOf(scope);
  for await (const customers of walkLive(scope))
    yield {
      records: customers.map(toCustomerDto).map((dto) => ({
        ...dto,
        phone: dto.phone === null ? null : exportedPhone(dto.phone, defaultCountry),
      })),
      customers: customers.length,
    };
}

/** Counts the customers and records the export. */
const recordedCount = async (accessLog: string, scope: BusinessScope): Promise<number> => {
  const count = await countLive(scope);
  const shown = { filters: ['state'], fields: EXPORTED_FIELDS, count, customers: [] };
  await recordExport(accessLog, { useCase: 'export-customers', ...shown }, scope);
  return count;
};

const optionsFrom = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...OPERATOR_OPTIONS,
      format: { type: 'string' },
      out: { type: 'string' },
      'access-log': { type: 'string' },
      delimiter: { type: 'string' },
      'no-bom': { type: 'boolean' },
    },
  });
  const { out, delimiter, 'access-log': accessLog, 'no-bom': isWithoutMark } = values;
  if (out === undefined) throw new UsageError('Missing --out. Add --out <file>, the file to write.');
  if (accessLog === undefined)
    throw new UsageError('Missing --access-log. Add --access-log <file>, where this export is recorded.');
  const format = exportFormatFrom(formatFrom(values.format), { delimiter, isWithoutMark });
  return { operator: values, format, out, accessLog };
};
