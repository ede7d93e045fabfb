import { createHash } from 'node:crypto';
import { WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';
import { readNdjson } from '../text-files.ts';
import { choicesOf, type Column } from './columns.ts';
import { isBlankText } from './csv-layout.ts';
import { detectEncoding, type Encoding } from './encoding.ts';
import { type Cells, csvCells, findTable, type FoundFile, type ImportFile } from './import-file.ts';
import type { Field } from './known-columns.ts';

/** What a column holds, over the whole file. */
export type ColumnContent = Readonly<{
  /** Up to three different shapes of values: letters and digits are replaced. */
  shapes: readonly string[];
  hasState: boolean;
}>;

/** What was found in a file before any of it is imported. */
export type Survey = Readonly<{
  found: FoundFile;
  rows: number;
  /** SHA-256 of the file. */
  digest: string;
  /** For each column of a CSV, in their order. */
  contents: readonly ColumnContent[];
  /** In how many rows more than one column has a value for a field that only one of them can give. */
  surplus: ReadonlyMap<Field, number>;
}>;

const SHAPES = 3;
const SHAPE_LENGTH = 30;

/** A text without letters and digits has no shape: its signs would be the value. */
const ONLY_SIGNS = 'only signs';

const placeholderOf = (character: string): string => {
  if (/\p{N}/u.test(character)) return '9';
  if (/[\p{Lu}\p{Lt}]/u.test(character)) return 'X';
  if (/[\p{L}\p{M}]/u.test(character)) return 'x';
  return /[\p{P}\p{Sm}]/u.test(character) ? character : ' ';
};

/** The shape of a value: `Xxx`, `+99 999`. It keeps signs and spaces, and no letter or digit. */
export const shapeOf = (value: string): string => {
  const characters = Array.from(value.trim().slice(0, SHAPE_LENGTH * 2)).slice(0, SHAPE_LENGTH + 1);
  const shape = characters.slice(0, SHAPE_LENGTH).map(placeholderOf).join('');
  if (!/[9Xx]/.test(shape)) return ONLY_SIGNS;
  return characters.length > SHAPE_LENGTH ? `${shape}…` : shape;
};

const STATES: ReadonlySet<string> = new Set(WRITTEN_STATES);

/** Collects what the columns of a file hold, row by row. */
class Contents {
  readonly #shapes: readonly Set<string>[];
  readonly #hasState: boolean[];
  readonly surplus = new Map<Field, number>();
  readonly #choices: ReadonlyMap<Field, readonly Column[]>;

  constructor(columns: readonly Column[]) {
    this.#shapes = columns.map(() => new Set());
    this.#hasState = columns.map(() => false);
    this.#choices = choicesOf(columns);
  }

  add({ cells }: Cells): void {
    for (const [index, shapes] of this.#shapes.entries()) {
      const cell = cells[index] ?? '';
      if (shapes.size < SHAPES && !isBlankText(cell)) shapes.add(shapeOf(cell));
      if (STATES.has(cell.trim().toLowerCase())) this.#hasState[index] = true;
    }
    for (const [field, columns] of this.#choices) {
      if (columns.length < 2) continue;
      const values = columns.map(({ position }) => (cells[position - 1] ?? '').trim());
      if (new Set(values.filter((value) => !isBlankText(value))).size > 1)
        this.surplus.set(field, (this.surplus.get(field) ?? 0) + 1);
    }
  }

  all(): readonly ColumnContent[] {
    return this.#shapes.map((shapes, index) => ({
      shapes: Array.from(shapes),
      hasState: this.#hasState[index] ?? false,
    }));
  }
}

/** Many files have the state of an address, or of an account elsewhere. It is left out unless `--map` names it. */
const withoutForeignStates = (
  columns: readonly Column[],
  contents: readonly ColumnContent[],
): readonly Column[] =>
  columns.map((column, index) =>
    column.field === 'state' && !column.isMapped && contents[index]?.hasState !== true
      ? { ...column, field: null }
      : column,
  );

/**
 * Reads a whole file before any of it is imported.
 * @param encoding the encoding that the operator named
 * @throws UsageError when the file cannot be read in its format
 */
export const survey = async (source: ImportFile, encoding?: Encoding): Promise<Survey> => {
  const found = await findTable(source, await detectEncoding(source.file, encoding));
  const hash = createHash('sha256');
  const onBytes = (bytes: Uint8Array): void => void hash.update(bytes);
  const { table, detected } = found;
  const contents = new Contents(table?.columns ?? []);
  let rows = 0;
  if (table === null) {
    const lines = readNdjson(source.file, { encoding: detected.encoding, onBytes });
    while ((await lines.next()).done !== true) rows += 1;
    return { found, rows, digest: hash.digest('hex'), contents: [], surplus: contents.surplus };
  }
  for await (const row of csvCells(found, table.layout, onBytes)) {
    rows += 1;
    contents.add(row);
  }
  const all = contents.all();
  const columns = withoutForeignStates(table.columns, all);
  return {
    found: { ...found, table: { ...table, columns } },
    rows,
    digest: hash.digest('hex'),
    contents: all,
    surplus: contents.surplus,
  };
};
