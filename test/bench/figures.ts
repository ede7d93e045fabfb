import { loadavg } from 'node:os';

/** The middle value; half the samples are smaller. */
export const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const isThere = (value: number): boolean => Number.isFinite(value);
export const milliseconds = (value: number): string =>
  isThere(value) ? `${value.toFixed(value < 10 ? 2 : 0)} ms` : '-';
export const ratio = (one: number, other: number): string =>
  isThere(one / other) ? (one / other).toFixed(2) : '-';
export const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');

/** Where people read; standard output carries the access log of the functions. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** One line of the table: a figure of which less is better, how it came about, and what it must and should be at most. */
export type Row = Readonly<{
  what: string;
  from: string;
  against: string;
  figure: number;
  must?: number;
  goal?: number;
}>;

/** How one time compares with another. */
export const compared = (
  what: string,
  [ours, other]: readonly [number, number],
  limits: Pick<Row, 'against' | 'must' | 'goal'>,
): Row => ({
  what,
  from: `${milliseconds(ours)} / ${milliseconds(other)}`,
  figure: ours / other,
  ...limits,
});

const verdict = ({ figure, must, goal }: Row): string => {
  if (must !== undefined && !(figure <= must)) return 'MISSED';
  return goal !== undefined && figure <= goal ? 'goal' : '';
};

const limit = (value?: number): string => (value === undefined ? '' : value.toFixed(2));

/** Prints all rows as one table, aligned. */
export const printTable = (rows: readonly Row[]): void => {
  const cells = rows.map((row) => [
    row.what,
    row.from,
    row.figure.toFixed(2),
    limit(row.must),
    limit(row.goal),
    verdict(row),
    row.against,
  ]);
  const table = [['', 'from', 'figure', 'must <=', 'goal <=', '', 'against'], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  for (const line of table)
    say(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
};
