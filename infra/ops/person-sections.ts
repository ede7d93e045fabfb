import type { CustomerExport } from '#lib/contract/customer-export.ts';
import { BYTE_ORDER_MARK, csvLine } from './spreadsheet-text.ts';

/** All pages of an export as one document. What only the first page has stands once. */
export const joined = (pages: readonly CustomerExport[]): CustomerExport => {
  const [first] = pages;
  if (first === undefined) throw new Error('An export has at least one page.');
  const { nextCursor: _next, ...document } = first;
  return {
    ...document,
    merged: pages.flatMap(({ merged }) => merged),
    consents: pages.flatMap(({ consents }) => consents),
    orders: pages.flatMap(({ orders }) => orders),
    payments: pages.flatMap(({ payments }) => payments),
    ...(first.changes !== undefined && { changes: pages.flatMap(({ changes = [] }) => changes) }),
  };
};

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Every column that any of the rows has, in the order in which they come up. */
const columnsOf = (rows: readonly Row[]): readonly string[] => [...new Set(rows.flatMap(Object.keys))];

const csvOf = (rows: readonly Row[]): string => {
  const columns = columnsOf(rows);
  const lines = rows.map((row) => csvLine(columns.map((column) => cellOf(row[column]))));
  return [BYTE_ORDER_MARK + csvLine(columns), ...lines].join('');
};

/**
 * The files of an export by their names: the whole as JSON, and a CSV for each section with rows: `customer`, and every list
 * of the document, whatever it is called. No cell is run as a formula.
 */
export const filesOf = (document: CustomerExport): ReadonlyMap<string, string> => {
  const sections = Object.entries(document).flatMap(
    ([name, value]: [string, unknown]): [string, string][] => {
      const rows = (Array.isArray(value) ? value : [value]).filter(isRow);
      return rows.length > 0 ? [[`${name}.csv`, csvOf(rows)]] : [];
    },
  );
  return new Map([['export.json', `${JSON.stringify(document, null, 2)}\n`], ...sections]);
};
