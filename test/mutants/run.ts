import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { noteFigure, percent, readFigures, shortcomings, total } from './figures.ts';
import { mutate } from './mutate.ts';
import { targets } from './targets.ts';

// `npm run mutants [-- file ...]`: the mutation score of each file, and the mutants that its tests did not notice. Each
// score is written to figures.json as soon as it is measured.
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (!existsSync('test/mutants/stryker/node_modules'))
  execFileSync(
    'npm',
    ['ci', '--prefix', 'test/mutants/stryker', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      stdio: 'inherit',
    },
  );

const database = await startDatabase();
process.env['MONGODB_URI'] = database.uri;
const only = process.argv.slice(2);
try {
  for (const target of targets().filter(({ file }) => only.length === 0 || only.includes(file))) {
    const score = mutate(target);
    noteFigure(target.file, score);
    print(
      `${percent(score).toFixed(1).padStart(5)} %  ${score.noticed}/${score.mutants}  ${target.file}${score.endless > 0 ? `, ${score.endless} of them by a time-out` : ''}`,
    );
    for (const survivor of score.survivors) print(`         ${survivor}`);
  }
} finally {
  await database.stop();
}
const figures = readFigures();
const all = total(figures);
print(
  `${percent(all).toFixed(1)} % of ${all.mutants} mutants in ${Object.keys(figures).length} files were noticed, as last measured`,
);
const missing = shortcomings(figures);
for (const line of missing) print(line);
process.exitCode = missing.length > 0 ? 1 : 0;
