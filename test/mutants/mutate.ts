import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './targets.ts';

const STRYKER = 'test/mutants/stryker/node_modules/@stryker-mutator/core/bin/stryker.js';

type Mutant = Readonly<{
  status: string;
  mutatorName: string;
  replacement?: string;
  location: { start: { line: number; column: number } };
}>;

/** How the tests of a file took its mutants. One that makes them run for ever is noticed too, and counted. */
export type Score = Readonly<{
  noticed: number;
  endless: number;
  mutants: number;
  survivors: readonly string[];
}>;

const NOTICED: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const MISSED: ReadonlySet<string> = new Set(['Survived', 'NoCoverage']);

const survivor = (file: string, { location: { start }, mutatorName, replacement, status }: Mutant): string =>
  `${file}:${start.line}:${start.column} ${mutatorName} ${status} -> ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 100)}`;

/**
 * Runs the tests of a file against each of its mutants.
 * @throws Error when Stryker could not, as when the tests fail without a mutant
 */
export const mutate = ({ file, tests, asksService }: Target): Score => {
  const folder = mkdtempSync('.stryker-');
  try {
    const env = {
      ...process.env,
      MUTATED_FILE: file,
      MUTANTS_TESTS: tests.join(' '),
      MUTANTS_FOLDER: folder,
      MUTANTS_ASK_SERVICE: String(asksService),
      // test/support/watch-for-leaks.ts sets these, but it does not run here: tests look at what is logged and counted.
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_DISABLED: 'false',
    };
    const { status } = spawnSync(process.execPath, [STRYKER, 'run', 'stryker.config.mjs'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`Stryker ended with status ${status} on ${file}. Its output is above.`);
    const report = join(folder, 'report.json');
    // Of a file of types alone there is nothing to report.
    const { files } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { files: {} };
    const mutants: readonly Mutant[] = files[file]?.mutants ?? [];
    const missed = mutants.filter(({ status: fate }) => MISSED.has(fate));
    const noticed = mutants.filter(({ status: fate }) => NOTICED.has(fate)).length;
    const endless = mutants.filter(({ status: fate }) => fate === 'Timeout').length;
    return {
      noticed,
      endless,
      mutants: noticed + missed.length,
      survivors: missed.map((mutant) => survivor(file, mutant)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
