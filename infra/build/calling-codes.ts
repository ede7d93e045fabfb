import { readFileSync, writeFileSync } from 'node:fs';
import metadata from 'libphonenumber-js/metadata.max';

/** The file with the generated table. */
export const TABLE_FILE = new URL('../../lib/domain/spelling/calling-codes.ts', import.meta.url);

const START = '// prettier-ignore\nconst COUNTRIES_BY_CODE = [\n';
const END = '] as const;\n';

/** Where the data of a country has the trunk prefix. */
const TRUNK_AT = 5;

const rowsOf = (): readonly string[] => {
  const { country_calling_codes: countriesOf, countries, nonGeographic } = metadata;
  const geographic = Object.entries(countriesOf).map(([code, sharing]) => {
    const [main] = sharing;
    const trunk: unknown = main === undefined ? undefined : countries[main]?.[TRUNK_AT];
    return `['${code}', '${typeof trunk === 'string' ? trunk : ''}', '${sharing.join(' ')}']`;
  });
  return [...geographic, ...Object.keys(nonGeographic).map((code) => `['${code}', '', '']`)].sort();
};

/** The text of the file with the present data of the phone library. Everything but the table stays as it is. */
export const withCurrentTable = (file: string): string => {
  const start = file.indexOf(START) + START.length;
  const rows = rowsOf().map((row) => `  ${row},\n`);
  return `${file.slice(0, start)}${rows.join('')}${file.slice(file.indexOf(END, start))}`;
};

if (import.meta.main) writeFileSync(TABLE_FILE, withCurrentTable(readFileSync(TABLE_FILE, 'utf8')));
