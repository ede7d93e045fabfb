import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { disconnect } from '#lib/store/database/connection.ts';
import { migrate } from '#lib/store/migrations/migrate.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { type Ended, startOps } from '#test/support/ops-process.ts';
import { load, say } from './figures.ts';
import { keptFolder, startKeptDatabase } from './kept-database.ts';
import { BIGGEST } from './scale/people.ts';
import { writePeople } from './scale/people-lines.ts';

/** `npm run bench:bulk -- 10000 100000`: the time and memory of importing and exporting so many customers. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '7' }, fresh: { type: 'boolean', default: false } },
});
const sizes = (positionals.length === 0 ? ['10000', '50000'] : positionals).map(Number);

// An import that was stopped continues.
if (values.fresh) await rm(keptFolder('bulk'), { recursive: true, force: true });
const { folder: FOLDER, ...database } = await startKeptDatabase('bulk');

/** The file to import. It is complete or missing: for the import, a file that grew would be another file. */
const fileOf = async (count: number): Promise<string> => {
  const file = join(FOLDER, `people-${count}-${values.seed}.ndjson`);
  if (existsSync(file)) return file;
  await writePeople({ count, seed: Number(values.seed), format: 'ndjson' }, `${file}.part`);
  await rename(`${file}.part`, file);
  return file;
};

const WHO = ['--business', BIGGEST, '--actor', 'bench'];

/** Runs a command and prints its rate, if this run did everything that it counts. */
const measure = async (what: string, args: readonly string[], countIn: RegExp): Promise<void> => {
  const { status, text, seconds, peakMb }: Ended = await startOps([...args, ...WHO]).ended;
  if (status !== 0) throw new Error(`${what} ended with status ${status}: ${text}`);
  const [count = 0, before = 0] = (countIn.exec(text) ?? [])
    .slice(1)
    .map((n) => Number(n.replaceAll(',', '')));
  const rate =
    before > 0 ? `${before} already imported, so no rate` : `${(count / seconds).toFixed(0)} a second`;
  say(`  ${what.padEnd(16)}${count} lines, ${seconds.toFixed(1)} s, ${rate}, peak ${peakMb.toFixed(0)} MB`);
};

const measureSize = async (size: number): Promise<void> => {
  const uri = new URL(database.uri);
  uri.pathname = `/bulk-${size}-${values.seed}`;
  process.env['MONGODB_URI'] = uri.href;
  await migrate(aSystemScope('migrate-database'));
  await disconnect();
  const file = await fileOf(size);
  say(`${size} customers, load ${load()}`);
  const imported = /([\d,]+) imported, ([\d,]+) already imported/;
  await measure(
    'dry run',
    ['import', file, '--dry-run'],
    /([\d,]+) would be imported, ([\d,]+) already imported/,
  );
  await measure('import', ['import', file, '--yes'], imported);
  for (const format of ['ndjson', 'csv']) {
    const out = join(FOLDER, `out-${size}.${format}`);
    await rm(out, { force: true });
    const args = ['export', '--format', format, '--out', out, '--access-log', join(FOLDER, 'access.log')];
    await measure(`export ${format}`, args, /Exported ([\d,]+) customers/);
    await rm(out);
  }
};

try {
  for (const size of sizes) await measureSize(size);
  say(`engine ${database.engine}, load ${load()}`);
} finally {
  await database.stop();
}
process.exit(0);
