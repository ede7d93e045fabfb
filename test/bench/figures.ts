import { loadavg } from 'node:os';

/** The middle value; half the samples are smaller. */
export const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const ratio = (one: number, other: number): string => (one / other).toFixed(2);
export const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');

export type Row = Readonly<{ what: string; full: number; baseline: number; against: string; must?: string }>;

/** One line a comparison, aligned. */
export const printTable = (title: string, rows: readonly Row[]): void => {
  process.stdout.write(`\n${title}\n`);
  for (const { what, full, baseline, against, must } of rows) {
    const figures = `${milliseconds(full).padStart(9)} / ${milliseconds(baseline).padStart(9)} = ${ratio(full, baseline)}`;
    process.stdout.write(
      `  ${what.padEnd(24)} ${figures}  against ${against}${must === undefined ? '' : ` (${must})`}\n`,
    );
  }
};
