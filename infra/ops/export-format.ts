import type { CustomerDto } from '#lib/contract/customer-dto.ts';
import { phoneDigits } from '#lib/domain/spelling/phone-digits.ts';
import { internationalPhone } from '#lib/domain/spelling/phone.ts';
import { UsageError } from './command.ts';
import { type Format, meantDelimiter } from './options.ts';
import { BYTE_ORDER_MARK, csvLine, type Delimiter, DELIMITERS } from './spreadsheet-text.ts';
import type { RecordFormat } from './write-records.ts';

/**
 * A phone that reads the same in a business of any country: `+` and its digits.
 * @param defaultCountry of the business, for a national number that was not rewritten as an international one yet
 */
export const exportedPhone = (phone: string, defaultCountry: string): string =>
  `+${phoneDigits(internationalPhone(phone, defaultCountry))}`;

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

/** The fields of an exported customer. */
export const EXPORTED_FIELDS: readonly string[] = [...COLUMNS.keys()];

const NDJSON: RecordFormat<CustomerDto> = { header: '', lineOf: (dto) => `${JSON.stringify(dto)}\n` };

const csvOf = (delimiter: Delimiter, hasMark: boolean): RecordFormat<CustomerDto> => ({
  header: (hasMark ? BYTE_ORDER_MARK : '') + csvLine(EXPORTED_FIELDS, delimiter),
  lineOf: (dto) =>
    csvLine(
      [...COLUMNS.values()].map((cellOf) => cellOf(dto)),
      delimiter,
    ),
});

type CsvOptions = Readonly<{ delimiter: string | undefined; isWithoutMark: boolean | undefined }>;

/**
 * How an export writes customers. `isWithoutMark` leaves out the byte order mark of a CSV.
 * @throws UsageError when an option does not go with the format
 */
export const exportFormatFrom = (
  format: Format,
  { delimiter, isWithoutMark }: CsvOptions,
): RecordFormat<CustomerDto> => {
  if (format === 'csv') return csvOf(delimiterFrom(delimiter ?? ','), isWithoutMark !== true);
  if (delimiter !== undefined || isWithoutMark !== undefined)
    throw new UsageError('--delimiter and --no-bom are for --format csv. Leave them out.');
  return NDJSON;
};

const delimiterFrom = (text: string): Delimiter => {
  const meant = meantDelimiter(text);
  const delimiter = DELIMITERS.find((one) => one === meant);
  if (delimiter === undefined)
    throw new UsageError('--delimiter must be a comma, a semicolon, a vertical bar, or \\t for a tab.');
  return delimiter;
};
