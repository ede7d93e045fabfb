import { milliseconds, ratio } from '../figures.ts';
import type { PurgeCost } from './purge.ts';
import { NEXT_PAGE } from './subjects.ts';

/** Writes one line to standard error. Standard output has the access log, which cannot be switched off. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** How long a call takes on one size, in milliseconds. */
export type Medians = Readonly<{ size: number; of: (subject: string) => number }>;

/** Prints a line for each subject and a column for each size, with the ratio of the last to the first. */
export const printMedians = (columns: readonly Medians[], subjects: readonly string[]): void => {
  say(`\n${''.padEnd(36)}${columns.map(({ size }) => String(size).padStart(12)).join('')}     ratio`);
  for (const subject of subjects) {
    const figures = columns.map(({ of }) => of(subject));
    const texts = figures.map((figure) => milliseconds(figure).padStart(12)).join('');
    say(`${subject.padEnd(36)}${texts}${ratio(figures.at(-1)!, figures[0]!).padStart(10)}`);
  }
  say('Limit: get and search <= 1.5 at 1,000,000 against 10,000, without the exact total');
};

/** A deep page, and the page that it is compared with: a page by cursor has no count, so neither has the other. */
const DEPTHS = [
  ['deep page, by cursor', `page 1${NEXT_PAGE}`],
  ['deep page, numbered', 'page 1'],
] as const;

/** Prints what a deep page costs, compared with one at the beginning of the same list. */
export const printDepth = (columns: readonly Medians[]): void => {
  say('\nDepth (limit by cursor: <= 1.5)');
  for (const { size, of } of columns)
    for (const [deep, first] of DEPTHS)
      say(`  of ${size}: ${ratio(of(deep), of(first))}  ${deep} / ${first}`);
};

/** Prints what the exact total costs: page 1 counts it, page 2 has it from the cursor. */
export const printCounts = (columns: readonly Medians[], subjects: readonly string[]): void => {
  say('\nCost of the exact total: page 1 minus page 2');
  for (const subject of subjects.filter((name) => subjects.includes(`${name}${NEXT_PAGE}`)))
    for (const { size, of } of columns)
      say(`  of ${size}: ${milliseconds(of(subject) - of(`${subject}${NEXT_PAGE}`))}  ${subject}`);
};

/** Prints what the purge of one document costs, and its ratio to the cost on the first size. */
export const printPurge = (costs: readonly PurgeCost[]): void => {
  say('\nPurge of one customer, sweep included (limit: <= 1.2 with a backlog of 1,000,000 against 10,000)');
  const wholeOf = ({ purgeMs, sweepMs }: PurgeCost): number => purgeMs + sweepMs;
  for (const cost of costs) {
    const share = ratio(wholeOf(cost), wholeOf(costs[0]!));
    const parts = `purge ${milliseconds(cost.purgeMs)}, sweep ${milliseconds(cost.sweepMs)}`;
    say(
      `  of ${cost.size}, ${cost.backlog} more due: ${milliseconds(wholeOf(cost))} (${parts}), ${share} times the first`,
    );
  }
};
