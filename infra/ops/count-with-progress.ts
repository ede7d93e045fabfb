import { type Progress, startProgress } from './progress-line.ts';
import { thousands } from './terminal.ts';

/** Counts under names, as `{ merged: 3, refused: 1 }`. */
export type Counts<K extends string> = Readonly<Record<K, number>>;

/**
 * Runs the steps of a long piece of work to their end, adds up what each one counts, and shows how far it is.
 * @param zero the counts before the first step
 * @param progressOf how far the work is at these sums
 * @returns the sums, and how many things a second that was
 */
export const countWithProgress = async <K extends string>(
  steps: AsyncIterable<Counts<K>>,
  zero: Counts<K>,
  progressOf: (sums: Counts<K>) => Progress,
): Promise<Readonly<{ sums: Counts<K>; perSecond: (count: number) => string }>> => {
  const sums: Record<K, number> = { ...zero };
  const startedAt = performance.now();
  const show = startProgress();
  for await (const step of steps) {
    for (const name in zero) sums[name] += step[name];
    show(progressOf(sums));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { sums, perSecond: (count) => thousands(Math.round(count / seconds)) };
};

/** How far work is whose total is known. */
export const partOf = (done: number, total: number, unit: string): Progress => ({ done, total, unit });

/**
 * A use case's port for its log events that shows one field of them, a count, as progress.
 * @param progressOf how far the work is at this count
 */
export const showCountOf = (
  field: string,
  progressOf: (count: number) => Progress,
): ((event: string, fields: object) => void) => {
  const show = startProgress();
  return (_event, fields) => {
    const [, count] = Object.entries(fields).find(([name]) => name === field) ?? [];
    if (typeof count === 'number') show(progressOf(count));
  };
};
