import { parseArgs } from 'node:util';
import { type Access, readAccesses } from '../access-lines.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { idFrom } from '../options.ts';
import { counted, print, printToStderr } from '../terminal.ts';

export const whoSaw: Command = {
  name: 'who-saw',
  summary: 'List who saw a customer, from lines of the access log: when, role, purpose and fields.',
  usage: '--lines <file> --business <id> --customer <id> [options]',
  help: [
    'Options:',
    '  --lines <file>   lines of the access log',
    '  --business <id>  the business',
    '  --customer <id>  the customer; give it again for each customer that was merged into it',
    '  --staff          name the employees; otherwise only their roles are shown',
    '',
    'Prints one line for each access, with tabs between its parts: when, role, purpose, use case, fields.',
    'An export of all customers of the business names none of them, so it is listed too, with the field "all".',
    'The file may be an export of the log group, or the answer of: aws logs filter-log-events',
    'Changes are not accesses: they are in the history of the customer, and in its export. It reads no database.',
  ],
  needsDatabase: false,
  run: async (args) => {
    const { file, business, customers, showsStaff } = optionsFrom(args);
    let found = 0;
    // A line that is delivered twice is there twice.
    const printed = new Set<string>();
    for await (const access of readAccesses(file)) {
      const isAbout = access.isOfAll || access.customers.some((id) => customers.includes(id));
      const line = lineOf(access, showsStaff);
      if (access.business !== business || !isAbout || printed.has(access.requestId + line)) continue;
      printed.add(access.requestId + line);
      print(line);
      found += 1;
    }
    printToStderr(`${counted(found, 'access', 'accesses')} in ${file}`);
    return EXIT.done;
  },
};

const lineOf = (
  { at, role, actor, purpose, useCase, fields, isOfAll }: Access,
  showsStaff: boolean,
): string =>
  [
    at,
    role ?? 'unknown role',
    ...(showsStaff ? [actor ?? 'unknown'] : []),
    purpose,
    useCase,
    isOfAll ? 'all' : fields.join(', '),
  ].join('\t');

const optionsFrom = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lines: { type: 'string' },
      business: { type: 'string' },
      customer: { type: 'string', multiple: true },
      staff: { type: 'boolean', default: false },
    },
  });
  const { lines: file, business, customer = [], staff } = values;
  if (file === undefined)
    throw new UsageError('Missing --lines. Add --lines <file>, with lines of the access log.');
  if (business === undefined) throw new UsageError('Missing --business. Add --business <id>.');
  if (customer.length === 0) throw new UsageError('Missing --customer. Add --customer <id>.');
  return {
    file,
    business: idFrom('--business', business),
    customers: customer.map((id) => idFrom('--customer', id)),
    showsStaff: staff,
  };
};
