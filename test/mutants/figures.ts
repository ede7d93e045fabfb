import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { OWED, targets } from './targets.ts';

/** How many mutants of a file there were and how many its tests noticed; when, and of which text of the file. */
export type Figure = Readonly<{ noticed: number; mutants: number; on: string; source: string }>;
export type Figures = Readonly<Record<string, Figure>>;
type Count = Pick<Figure, 'noticed' | 'mutants'>;

const FILE = 'test/mutants/figures.json';
/** Of all mutants together, in per cent. */
const LEAST_OF_ALL = 85;

/** What `npm run mutants` measured last, by file. */
export const readFigures = (): Figures => JSON.parse(readFileSync(FILE, 'utf8'));

/** A short name for the text of a source file, as it is now. */
export const sourceOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);

/** Keeps what was measured of a file, and drops what is no target any more. */
export const noteFigure = (file: string, { noticed, mutants }: Count): void => {
  const figure = { noticed, mutants, on: new Date().toISOString().slice(0, 10), source: sourceOf(file) };
  const figures: Figures = { ...readFigures(), [file]: figure };
  const kept = targets().flatMap((target) => {
    const known = figures[target.file];
    return known === undefined ? [] : [[target.file, known]];
  });
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
};

/** The share of mutants that were noticed, in per cent; of none, all. */
export const percent = ({ noticed, mutants }: Count): number =>
  mutants === 0 ? 100 : (100 * noticed) / mutants;

/** All files together. */
export const total = (figures: Figures): Count => ({
  noticed: Object.values(figures).reduce((sum, { noticed }) => sum + noticed, 0),
  mutants: Object.values(figures).reduce((sum, { mutants }) => sum + mutants, 0),
});

/** What is not as promised, one line each: files that were never measured, and scores that are too low. */
export const shortcomings = (figures: Figures): readonly string[] => {
  const ofFiles = targets().flatMap(({ file, least }) => {
    const figure = figures[file];
    if (figure === undefined)
      return OWED.includes(file) ? [] : [`${file}: never measured. Run: npm run mutants -- ${file}`];
    if (OWED.includes(file)) return [`${file}: measured now. Remove it from OWED in test/mutants/targets.ts`];
    return percent(figure) < least ? [`${file}: below ${String(least)} %`] : [];
  });
  return percent(total(figures)) < LEAST_OF_ALL
    ? [...ofFiles, `all files together: below ${String(LEAST_OF_ALL)} %`]
    : ofFiles;
};
