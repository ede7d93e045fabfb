import { nearestName } from '#lib/domain/spelling/nearest-name.ts';
import { UsageError } from '../command.ts';
import { CONSENT_FIELDS, consentField, requireConsentField } from './consent-columns.ts';
import { BARE_NAMES, type Field, FIELDS, KNOWN_NAMES, OWNERS } from './known-columns.ts';

/** A column of the file, and the field that it holds; null for a column that is left out. */
export type Column = Readonly<{
  /** Counted from 1. */
  position: number;
  name: string;
  field: Field | null;
  /** Of several columns that hold a field, the one with the lowest rank that has a value is taken. */
  rank: number;
  /** Whether `--map` names it. */
  isMapped: boolean;
}>;

/** One pair of `--map`; the field is null for a column to leave out. */
export type MappedName = Readonly<{ name: string; field: Field | null }>;
export type Mapping = readonly MappedName[];

const GROUP = 1_000;
/** The rank of a bare name column that was taken for one of last names. */
const BARE_RANK = 0;

/** Letters and digits of a name: other characters and marks differ from program to program. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]|[ʼʹ]/gu, '');

type Known = Readonly<{ field: Field; rank: number }>;

const KNOWN: ReadonlyMap<string, Known> = new Map(
  FIELDS.flatMap((field) =>
    KNOWN_NAMES[field].flatMap((names, group) =>
      names.map((name) => [folded(name), { field, rank: group * GROUP }] as const),
    ),
  ),
);
const BARE: ReadonlySet<string> = new Set(BARE_NAMES.map(folded));
const OWNER_WORDS: ReadonlySet<string> = new Set(OWNERS.map(folded));

const withoutOwners = (name: string): string =>
  name
    .split(/[^\p{L}\p{M}\p{N}'’ʼ]+/u)
    .filter((word) => !OWNER_WORDS.has(folded(word)))
    .join(' ');

/** What a column name means: consents have names of their own. */
const meaningOf = (header: string, position: number): Known | null => {
  const field = requireConsentField(header, position);
  return field === null ? knownAs(header) : { field, rank: 0 };
};

/** What a column name usually means. One number in it says only which of several columns it is: `Phone 2`. */
const knownAs = (name: string): Known | null => {
  const [number = '0'] = /\p{Nd}+/u.exec(name) ?? [];
  const bare = name.replace(number, ' ').replace(/\bvalue\s*$/iu, '');
  const known = KNOWN.get(folded(bare)) ?? KNOWN.get(folded(withoutOwners(bare)));
  return known === undefined ? null : { ...known, rank: known.rank + Math.min(Number(number), GROUP - 1) };
};

/**
 * Reads the value of `--map`, as `Vorname=firstName,Tel=phone,Age=-`. `#5` names the fifth column.
 * @throws UsageError when a part of it is not a header and a field
 */
export const mappingFrom = (text: string): Mapping =>
  text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    const wanted = pair.slice(at + 1).trim();
    const field = FIELDS.find((one) => one === wanted) ?? consentField(wanted) ?? null;
    if (at < 1 || (field === null && wanted !== '-'))
      throw new UsageError(
        `--map must be <column>=<field>, with commas between pairs. To skip a column, write <column>=-. ` +
          `The fields are ${FIELDS.join(', ')}, ${CONSENT_FIELDS}.`,
      );
    return { name: pair.slice(0, at).trim(), field };
  });

const spaced = (name: string): string => name.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim().toLowerCase();

/** The positions of the columns that a name in `--map` may mean: the same name, else the same letters and digits. */
const positionsOf = (name: string, headers: readonly string[]): readonly number[] => {
  const where = (isMeant: (header: string) => boolean): readonly number[] =>
    headers.flatMap((header, index) => (isMeant(header) ? [index + 1] : []));
  const same = where((header) => spaced(header) === spaced(name));
  if (same.length > 0) return same;
  const position = /^#([1-9]\d{0,4})$/.exec(name)?.[1];
  if (position !== undefined) return Number(position) <= headers.length ? [Number(position)] : [];
  return folded(name) === '' ? [] : where((header) => folded(header) === folded(name));
};

const positionOf = (name: string, headers: readonly string[]): number => {
  const [position, ...others] = positionsOf(name, headers);
  if (position === undefined) {
    const nearest = nearestName(name, headers);
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    throw new UsageError(`--map names "${name}", but no column has this name.${hint}`);
  }
  if (others.length > 0)
    throw new UsageError(
      `--map names "${name}", but ${String(others.length + 1)} columns have this name. Name each by its position: ` +
        `${[position, ...others].map((one) => `#${String(one)}`).join(', ')}.`,
    );
  return position;
};

/** How many columns of a line have a name that is known or that `--map` names. */
export const knownColumns = (cells: readonly string[], mapping: Mapping): number => {
  const mapped = new Set(mapping.flatMap(({ name }) => positionsOf(name, cells)));
  return cells.filter(
    (cell, index) => mapped.has(index + 1) || consentField(cell) !== null || knownAs(cell) !== null,
  ).length;
};

/**
 * The columns of a file by the names in its header, and by `--map`, which comes first.
 * @param line the number of the header's line, for the message
 * @throws UsageError when `--map` names a column that is not there or not the only one, or no column holds a field
 */
export const columnsOf = (
  headers: readonly string[],
  { mapping, line }: { mapping: Mapping; line: number },
): readonly Column[] => {
  const mapped = new Map(
    mapping.map(({ name, field }, rank) => [positionOf(name, headers), { field, rank }] as const),
  );
  const taken = new Set(Array.from(mapped.values(), ({ field }) => field));
  const columns = headers.map((header, index): Column => {
    const place = { position: index + 1, name: header.trim() };
    const asked = mapped.get(index + 1);
    if (asked !== undefined) return { ...place, ...asked, isMapped: true };
    const known = meaningOf(header, place.position);
    const isFree = known !== null && !taken.has(known.field);
    return { ...place, field: isFree ? known.field : null, rank: known?.rank ?? 0, isMapped: false };
  });
  if (columns.every(({ field }) => field === null))
    throw new UsageError(
      `No column name in line ${String(line)} is known. Say which column holds which field with --map <column>=<field>.`,
    );
  return withLastNames(columns);
};

/** German and Danish files name the columns `Name, Vorname` and `Fornavn, Navn`. */
const withLastNames = (columns: readonly Column[]): readonly Column[] => {
  const holds = (field: Field): boolean => columns.some((column) => column.field === field);
  if (!holds('firstName') || holds('lastName')) return columns;
  return columns.map((column) =>
    column.field === 'fullName' && !column.isMapped && BARE.has(folded(withoutOwners(column.name)))
      ? { ...column, field: 'lastName', rank: BARE_RANK }
      : column,
  );
};

/** The columns that hold each field, the preferred one first. Equal ranks keep their order in the file. */
export const choicesOf = (columns: readonly Column[]): ReadonlyMap<Field, readonly Column[]> => {
  const choices = new Map<Field, readonly Column[]>();
  for (const column of columns.toSorted((one, other) => one.rank - other.rank)) {
    if (column.field !== null) choices.set(column.field, [...(choices.get(column.field) ?? []), column]);
  }
  return choices;
};
