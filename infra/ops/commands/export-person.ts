import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportCustomer } from '#functions/rights/export-customer/export-customer.ts';
import type { CustomerExport } from '#lib/contract/customer-export.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';
import { preferencesOf } from '#lib/store/customers/sealed-preferences.ts';
import { customerExports } from '#lib/store/rights/exports.ts';
import { RETENTION } from '#lib/store/rights/places.ts';
import { recordExport } from '../access-record.ts';
import { OPERATOR_HELP, OPERATOR_OPTIONS, operatorScope } from '../business-scope.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { idFrom } from '../options.ts';
import { filesOf, joined } from '../person-sections.ts';
import { createPrivateFile, whyNotWritten } from '../private-files.ts';
import { counted, printToStderr } from '../terminal.ts';

export const exportPerson: Command = {
  name: 'export-person',
  summary: 'Export everything about one customer, for the person: JSON, and a CSV for each section.',
  usage: '--business <id> --actor <name> --customer <id> --out <folder> --access-log <file> [options]',
  help: [
    ...OPERATOR_HELP,
    '  --customer <id>            the customer; a merged one is exported with its survivor',
    '  --out <folder>             the folder to create; it must not exist yet',
    '  --access-log <file>        gets one line about this export, added before any file is written; a file of yours',
    '  --article 15|20            everything, or what the person gave and did (default: 15)',
    '  --staff                    name the employees; otherwise only their roles are shown',
    '',
    'The folder gets export.json and customer.csv, merged.csv, consents.csv and so on: one for each section that has rows.',
    'Only you can read them. In CSV, an apostrophe is put before what a spreadsheet could run as a formula.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { operator, customerId, out, accessLog, asked } = optionsFrom(args);
    const scope = operatorScope(operator, 'honour-privacy-rights');
    const pages = await pagesOf(customerId, asked, scope);
    if (pages === null) {
      printToStderr('This business has no customer with this id. Nothing was exported.');
      return EXIT.problem;
    }
    const document = joined(pages);
    const files = filesOf(document);
    await createFolder(out);
    await recordExport(accessLog, { ...shownIn(document), filters: filtersOf(asked) }, scope).catch(
      async (error: unknown) => {
        // Nothing was written. The same command must be able to create the folder again.
        await rmdir(out);
        throw error;
      },
    );
    for (const [name, text] of files) await writeNew(join(out, name), text);
    printToStderr(`Exported ${counted(files.size, 'file')} to ${out}`);
    return EXIT.done;
  },
};

type Asked = Readonly<{ article: '15' | '20'; staff: 'true' | 'false' }>;

/** Every page of the export; null for an unknown customer. */
const pagesOf = async (
  id: string,
  asked: Asked,
  scope: BusinessScope,
): Promise<readonly CustomerExport[] | null> => {
  const now = () => new Date();
  const steps = exportCustomer({
    ...{ exports: customerExports, readPreferences: preferencesOf, retention: RETENTION },
    ...{ sealPlace, openPlace, now },
  });
  const pages: CustomerExport[] = [];
  try {
    do {
      const cursor = pages.at(-1)?.nextCursor;
      const query = { ...asked, ...(cursor !== undefined && { cursor }) };
      const { body } = await steps({ params: { id }, query, body: undefined }, scope.again());
      pages.push(body);
    } while (pages.at(-1)?.nextCursor !== undefined);
    return pages;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'customer-not-found') return null;
    throw error;
  }
};

/** Creates a folder that only its owner can use. */
const createFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { mode: 0o700 }).catch((cause: unknown) => {
    throw new UsageError(whyNotWritten(folder, cause), { cause });
  });
};

const writeNew = async (file: string, text: string): Promise<void> => {
  const opened = await createPrivateFile(file);
  try {
    await opened.writeFile(text);
  } finally {
    await opened.close();
  }
};

const shownIn = (document: CustomerExport) => {
  const customers = [document.customer, ...document.merged].map(({ _id }) => _id);
  return {
    useCase: 'export-customer',
    fields: [...new Set([...Object.keys(document.customer), ...Object.keys(document)])],
    ...{ count: customers.length, customers },
  };
};

const filtersOf = ({ staff }: Asked): readonly string[] => [
  'article',
  ...(staff === 'true' ? ['staff'] : []),
];

const optionsFrom = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...OPERATOR_OPTIONS,
      customer: { type: 'string' },
      out: { type: 'string' },
      'access-log': { type: 'string' },
      article: { type: 'string', default: '15' },
      staff: { type: 'boolean', default: false },
    },
  });
  const { customer, out, article, staff, 'access-log': accessLog } = values;
  if (customer === undefined) throw new UsageError('Missing --customer. Add --customer <id>.');
  if (out === undefined) throw new UsageError('Missing --out. Add --out <folder>, the folder to create.');
  if (accessLog === undefined)
    throw new UsageError('Missing --access-log. Add --access-log <file>, where this export is recorded.');
  if (article !== '15' && article !== '20') throw new UsageError('--article must be 15 or 20.');
  const asked: Asked = { article, staff: staff ? 'true' : 'false' };
  return { operator: values, customerId: idFrom('--customer', customer), out, accessLog, asked };
};
