import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { mutate, percent, type Score } from './mutate.ts';
import { targets } from './targets.ts';

// `npm run mutants [-- file ...]`: the mutation score of each file, and what its tests did not notice.
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
const scores: Score[] = [];
const tooLow: string[] = [];
try {
  for (const target of targets().filter(({ file }) => only.length === 0 || only.includes(file))) {
    const score = mutate(target);
    scores.push(score);
    print(`${percent(score).toFixed(1).padStart(5)} %  ${score.noticed}/${score.mutants}  ${target.file}`);
    for (const survivor of score.survivors) print(`         ${survivor}`);
    if (percent(score) < target.least) tooLow.push(`${target.file}: below ${target.least} %`);
  }
} finally {
  await database.stop();
}
const sum = (of: (score: Score) => number): number => scores.reduce((total, score) => total + of(score), 0);
const all = { noticed: sum(({ noticed }) => noticed), mutants: sum(({ mutants }) => mutants) };
print(`${percent(all).toFixed(1)} % of ${all.mutants} mutants in ${scores.length} files noticed`);
for (const line of tooLow) print(line);
process.exitCode = tooLow.length > 0 || percent(all) < 85 ? 1 : 0;
