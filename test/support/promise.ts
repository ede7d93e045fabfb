import { isFull } from './seed.ts';
import { testDatabaseEngine } from './test-database.ts';

/** The size of a proof in this run. */
export const sized = (size: { short: number; full: number }): number => (isFull ? size.full : size.short);

/** How long a proof may take, in milliseconds. */
export const PROOF_TIMEOUT_MS = isFull ? 3_600_000 : 60_000;

/** Prints the figure of a proof on one line, with the engine on which it was measured. */
export const report = (row: number, figure: string): void => {
  process.stdout.write(`promise ${String(row)}: ${figure} [${testDatabaseEngine()}]\n`);
};

/** How often each answer was given, as `1 x 201, 99 x 409 duplicate-email`. */
export const tally = (answers: readonly { status: number; body: any }[]): string => {
  const counts = new Map<string, number>();
  for (const { status, body } of answers) {
    const kind = body.code === undefined ? String(status) : `${String(status)} ${String(body.code)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, times]) => `${String(times)} x ${kind}`)
    .join(', ');
};
