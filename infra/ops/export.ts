import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { accessEntry } from '#lib/runtime/access-log.ts';
import { countLive, walkLive } from '#lib/store/customer-walk.ts';
import { actInBusiness } from './business-scope.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { formatFrom } from './options.ts';
import { csvLine } from './spreadsheet-text.ts';
import { complain, startProgress, thousands } from './terminal.ts';

const OWNER_ONLY = 0o600;

export const exportCustomers: Command = {
  name: 'export',
  summary: 'Write the live customers of a business to a file',
  help: [
    '  --business <id> --actor <name> --format ndjson|csv --out <file>',
    '  --access-log <file>    where the line that accounts for it is added, before anything is read',
    '',
    'The files are for you alone (0600); --out never replaces one. A cell of the CSV that a spreadsheet could run begins',
    'with an apostrophe; import takes it away. Who changes while it runs is in it once, as it was at that moment.',
  ],
  needsDatabase: true,
  run: async (args) => {
    const { format, out, accessLog, ...who } = askedBy(args);
    return await actInBusiness({ ...who, purpose: 'hand-over-records' }, async (scope) => {
      const file = await open(out, 'wx', OWNER_ONLY).catch((cause: unknown) => {
        throw new Misuse(`${out} is there already, or cannot be written.`, { cause });
      });
      const progress = startProgress();
      let exported = 0;
      try {
        const count = await countLive(scope);
        await account(accessLog, { count, fields: [...COLUMNS.keys()] }, scope);
        if (format === 'csv') await file.write(csvLine([...COLUMNS.keys()]));
        for await (const customers of walkLive(scope)) {
          const dtos = customers.map(toCustomerDto);
          await file.write(dtos.map(format === 'csv' ? csvRow : jsonLine).join(''));
          exported += dtos.length;
          progress.tell(`${thousands(exported)} of ${thousands(count)} customers`);
        }
      } finally {
        await file.close();
        progress.end();
      }
      complain(`${thousands(exported)} customers in ${out}; ${progress.perSecond(exported)} a second`);
      return EXIT.done;
    });
  },
};

const jsonLine = (dto: CustomerDto): string => `${JSON.stringify(dto)}\n`;

const COLUMNS: ReadonlyMap<string, (dto: CustomerDto) => string> = new Map([
  ['_id', ({ _id }) => _id],
  ['firstName', ({ firstName }) => firstName ?? ''],
  ['lastName', ({ lastName }) => lastName ?? ''],
  ['email', ({ email }) => email ?? ''],
  ['phone', ({ phone }) => phone ?? ''],
  ['note', ({ note }) => note ?? ''],
  ['customerType', ({ customerType }) => customerType],
  ['state', ({ state }) => state],
  ['stateHistory', ({ stateHistory }) => JSON.stringify(stateHistory)],
  ['createdAt', ({ createdAt }) => createdAt],
  ['updatedAt', ({ updatedAt }) => updatedAt],
]);

const csvRow = (dto: CustomerDto): string => csvLine([...COLUMNS.values()].map((cellOf) => cellOf(dto)));

/** One line for the whole of it, in the words of the access log, on the disk before the first customer is read. */
const account = async (
  accessLog: string,
  { count, fields }: { count: number; fields: readonly string[] },
  { requestId, purpose, actorId: actor, role, businessId: business }: BusinessScope,
): Promise<void> => {
  const entry = accessEntry('customer-accessed', {
    requestId,
    useCase: 'export-customers',
    purpose,
    actor,
    role,
    business,
    outcome: 'exported',
    status: 200,
    filters: ['state'],
    fields,
    masked: [],
    count,
    customers: [],
  });
  const file = await open(accessLog, 'a', OWNER_ONLY).catch((cause: unknown) => {
    throw new Misuse(`${accessLog} cannot be written.`, { cause });
  });
  try {
    await file.write(`${entry}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
};

const askedBy = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      business: { type: 'string' },
      actor: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
      'access-log': { type: 'string' },
    },
  });
  const { business, actor, format, out, 'access-log': accessLog } = values;
  if (out === undefined || accessLog === undefined)
    throw new Misuse('Say --out <file> and --access-log <file>.');
  return { business, actor, format: formatFrom(format), out, accessLog } as const;
};
