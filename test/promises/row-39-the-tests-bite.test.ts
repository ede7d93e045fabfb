import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { percent, readFigures, shortcomings, sourceOf, total } from '#test/mutants/figures.ts';
import { OWED, targets } from '#test/mutants/targets.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';

const isMeasuredNow = sized({ short: 0, full: 1 }) === 1;

describe('the tests bite', () => {
  it(
    isMeasuredNow ? 'as measured now' : 'as measured last; PROMISES=full, or npm run mutants, measures again',
    () => {
      if (isMeasuredNow) spawnSync('npm', ['run', 'mutants'], { stdio: 'inherit' });
      const figures = readFigures();
      expect(shortcomings(figures)).toEqual([]);
      const all = total(figures);
      const least = targets()
        .filter(({ file, least }) => least > 0 && !OWED.includes(file))
        .map(({ file }) => percent(figures[file]!));
      const changed = Object.entries(figures).filter(([file, { source }]) => sourceOf(file) !== source);
      const days = Object.values(figures).map(({ on }) => on);
      report(
        39,
        `${percent(all).toFixed(1)} % of ${all.mutants} mutants in ${Object.keys(figures).length} files were noticed, ` +
          `${Math.min(...least).toFixed(1)} % or more in each of the ${least.length} most critical files; ` +
          `measured from ${days.sort()[0]!} to ${days.at(-1)!}, ${changed.length} of the files changed since; ` +
          `not measured yet: ${OWED.length === 0 ? 'none' : OWED.join(', ')}`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it('and a file that was never measured, or is noticed too little, is found', () => {
    const figures = readFigures();
    const [file = ''] = Object.keys(figures);
    const { [file]: figure, ...others } = figures;
    expect(shortcomings(others)).toContain(`${file}: never measured. Run: npm run mutants -- ${file}`);
    const blunt = { ...figure!, noticed: 94, mutants: 100 };
    const strict = 'lib/serve/request/permit.ts';
    expect(shortcomings({ ...figures, [strict]: blunt })).toEqual([`${strict}: below 95 %`]);
    const dull = { ...figure!, noticed: 0, mutants: 100_000 };
    expect(shortcomings({ ...figures, 'lib/serve/answer/answer.ts': dull })).toEqual([
      'all files together: below 85 %',
    ]);
    for (const owed of OWED)
      expect(shortcomings({ ...figures, [owed]: figure! })).toContain(
        `${owed}: measured now. Remove it from OWED in test/mutants/targets.ts`,
      );
  });
});
