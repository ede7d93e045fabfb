import { UsageError } from './command.ts';

const ID = /^[0-9a-f]{24}$/;

/** Whether a text is an id in the form in which ids are stored and printed. */
export const isId = (text: string): boolean => ID.test(text);

/**
 * The id given with an option, in lower case.
 * @throws UsageError when it is not an id
 */
export const idFrom = (option: string, text: string): string => {
  const id = text.toLowerCase();
  if (!isId(id)) throw new UsageError(`${option} must be an id of 24 hexadecimal digits.`);
  return id;
};

/**
 * The place given with `--after`.
 * @throws UsageError when it is none
 */
export const placeAfter = (text: string): Readonly<{ businessId: string; customerId: string }> => {
  const [businessId = '', customerId = '', ...more] = text.toLowerCase().split('/');
  if (!isId(businessId) || !isId(customerId) || more.length > 0)
    throw new UsageError('--after must be <business id>/<customer id>, as the run that stopped printed it.');
  return { businessId, customerId };
};

/**
 * The only file that a command line names.
 * @throws UsageError when it names none, or more than one
 */
export const fileFrom = ([file, ...others]: readonly string[]): string => {
  if (file === undefined) throw new UsageError('Missing file. Add the path of the file to read.');
  if (others.length > 0) throw new UsageError('Too many files. Name one file.');
  return file;
};

/** The delimiter that an option means: `\\t`, which can be typed, means a tab. */
export const meantDelimiter = (text: string): string => (text === '\\t' ? '\t' : text);

/** The two formats of the files that commands read and write. */
export type Format = 'csv' | 'ndjson';

/**
 * The format given with `--format`.
 * @throws UsageError when it is missing or unknown
 */
export const formatFrom = (format: string | undefined): Format => {
  if (format === undefined) throw new UsageError('Missing --format. Add --format csv or --format ndjson.');
  if (format !== 'csv' && format !== 'ndjson') throw new UsageError('--format must be csv or ndjson.');
  return format;
};
