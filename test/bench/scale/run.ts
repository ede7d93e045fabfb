import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { buildFunctions } from '#infra/build.ts';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';
import { load, milliseconds, ratio } from '../figures.ts';
import { warmMedians } from '../warm.ts';
import { askedOf } from './asked.ts';
import { diskLines } from './disk.ts';
import { fill } from './fill.ts';
import { purgeCosts } from './purge.ts';
import { bundlesOn, depthOf, subjectsOf } from './subjects.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '7' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '100' },
    'fill-only': { type: 'boolean', default: false },
  },
});
const sizes = (positionals.length === 0 ? ['10000', '100000'] : positionals).map(Number);
const [seed, workers, rounds] = [values.seed, values.workers, values.rounds].map(Number) as [
  number,
  number,
  number,
];
/** To standard error: on standard output is the access log, which nothing silences. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Kept between runs: what was filled once is there the next time, with the keys it was sealed with. */
const FOLDER = resolve(import.meta.dirname, '../../../.local/scale');
const keyringFile = join(FOLDER, 'keyring.json');
await readOrMakeKeyring(keyringFile);
Object.assign(process.env, {
  KEYRING_FILE: keyringFile,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  RATE_LIMIT_PER_SECOND: '1000000',
  RATE_LIMIT_BURST: '1000000',
});

const database = await startDatabase({ databaseName: 'scale', dataPath: FOLDER, log: say });
const client = await MongoClient.connect(database.uri);
const dist = mkdtempSync(join(tmpdir(), 'scale-'));

/** One size: a database of its own, and a copy of the bundles that is connected to it. */
const prepare = async (size: number) => {
  const name = `scale-${size}`;
  const uri = new URL(database.uri);
  uri.pathname = `/${name}`;
  const bundles = join(dist, name);
  await buildFunctions({ outdir: bundles });
  const site = { size, uri: uri.href, database: client.db(name) };
  const served = bundlesOn({ bundles, uri: site.uri });
  await served.run('migrate-database');
  await fill({ uri: site.uri, size, seed, workers, say });
  return { ...site, served, asked: askedOf(size, seed) };
};

const printMedians = (medians: ReadonlyMap<string, number>, names: readonly string[]): void => {
  say(`\n${''.padEnd(24)}${sizes.map((size) => String(size).padStart(12)).join('')}       ratio`);
  for (const name of names) {
    const row = sizes.map((size) => medians.get(`${name} @ ${size}`) ?? Number.NaN);
    const figures = row.map((figure) => milliseconds(figure).padStart(12)).join('');
    say(`${name.padEnd(24)}${figures}  ${ratio(row.at(-1)!, row[0]!).padStart(10)}`);
  }
};

try {
  const sites = [];
  for (const size of sizes) sites.push(await prepare(size));
  for (const site of sites) for (const line of await diskLines(site.database)) say(line);
  if (!values['fill-only']) {
    say(`\nMedians of ${rounds} interleaved calls in the biggest business of each size; load ${load()}`);
    for (const { size, asked } of sites)
      say(`  of ${size}: ${asked.customers} customers, deep page at ${depthOf(asked.customers)}`);
    const named = [];
    for (const { size, served, asked } of sites)
      for (const { name, call } of await subjectsOf(served, asked))
        named.push({ what: name, name: `${name} @ ${size}`, call });
    const medians = await warmMedians(named, rounds);
    printMedians(medians, [...new Set(named.map(({ what }) => what))]);
    say('\nmust: get and search, largest / smallest <= 1.5; deep page / page 1 <= 1.5');
    for (const size of sizes) {
      const of = (name: string) => medians.get(`${name} @ ${size}`) ?? Number.NaN;
      say(
        `  of ${size}: deep page / page 1 = ${ratio(of('deep page, numbered'), of('page 1'))} numbered, ${ratio(of('deep page, by cursor'), of('page 1'))} by cursor`,
      );
    }
    say('\nPurge, must: cost of a document, largest / smallest <= 1.2');
    const costs = await purgeCosts(sites, seed);
    for (const { size, backlog, msPerDocument } of costs)
      say(
        `  of ${size}, ${backlog} more due: ${milliseconds(msPerDocument)} a document, ${ratio(msPerDocument, costs[0]!.msPerDocument)} times the first`,
      );
    say(`\nengine ${database.engine}, load ${load()}`);
  }
} finally {
  rmSync(dist, { recursive: true, force: true });
  await client.close();
  await database.stop();
}
process.exit(0);
