import { Misuse } from './command.ts';

/**
 * The one file that a command line names.
 * @throws Misuse when it names none, or more
 */
export const fileFrom = ([file, ...others]: readonly string[]): string => {
  if (file === undefined || others.length > 0) throw new Misuse('Say which file, one at a time.');
  return file;
};

/**
 * How the lines that a command writes are to look.
 * @throws Misuse when it is neither of the two
 */
export const formatFrom = (format: string | undefined): 'csv' | 'ndjson' => {
  if (format !== 'csv' && format !== 'ndjson') throw new Misuse('Say --format csv or --format ndjson.');
  return format;
};
