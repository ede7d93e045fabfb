import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Db, MongoClient } from 'mongodb';
import { buildFunctions } from '#infra/build/bundles.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { collections } from '#lib/store/collections/collections.ts';
import { load } from '../figures.ts';
import { startKeptDatabase } from '../kept-database.ts';
import { warmMedians, type WarmSubject } from '../medians.ts';
import { askedOf } from './asked.ts';
import { diskLines } from './disk.ts';
import { fill } from './fill.ts';
import { printCounts, printDepth, printMedians, printPurge, say } from './print.ts';
import { fillBacklog, purgeCosts } from './purge.ts';
import { bundlesOn, depthOf, subjectsOf } from './subjects.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '7' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '100' },
    'fill-only': { type: 'boolean', default: false },
    'purge-only': { type: 'boolean', default: false },
  },
});
const sizes = (positionals.length === 0 ? ['10000', '100000'] : positionals).map(Number);
const seed = Number(values.seed);
const workers = Number(values.workers);
const rounds = Number(values.rounds);
/** Rounds that are not counted. */
const WARM_UP = 50;

Object.assign(process.env, { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' });
// A filled database is kept for the next run.
const database = await startKeptDatabase('scale');
const client = await MongoClient.connect(database.uri);
const dist = mkdtempSync(join(tmpdir(), 'scale-'));

/** Drops all indexes except the one that a fill needs, because it deletes some of the customers. */
const dropIndexes = async (database: Db): Promise<void> => {
  for (const [collection, { indexes }] of Object.entries(collections))
    for (const { name } of indexes)
      if (name !== BUSINESS_CUSTOMER_INDEX) await database.collection(collection).dropIndex(name);
};

/** Builds the indexes after the fill: a fill that keeps them up to date takes six times as long. */
const indexAll = async (database: Db): Promise<void> => {
  for (const [collection, { indexes }] of Object.entries(collections))
    for (const { key, ...options } of indexes) {
      const startedAt = performance.now();
      await database.collection(collection).createIndex({ ...key }, options);
      const seconds = (performance.now() - startedAt) / 1_000;
      if (seconds > 5) say(`${options.name} of ${collection} built in ${seconds.toFixed(0)} s`);
    }
};

/** Prepares one size: a database of its own, and a copy of the bundles that is connected to it. */
const prepare = async (size: number) => {
  // A purge looks only at what is due and left over: it needs no customers beside those.
  const name = `${values['purge-only'] ? 'purge' : 'scale'}-${size}`;
  const uri = new URL(database.uri);
  uri.pathname = `/${name}`;
  const bundles = join(dist, name);
  await buildFunctions({ outdir: bundles });
  const site = { size, uri: uri.href, database: client.db(name) };
  const served = bundlesOn({ bundles, uri: site.uri });
  const isNew = (await site.database.listCollections().toArray()).length === 0;
  await served.run('migrate-database');
  if (isNew) await dropIndexes(site.database);
  if (!values['purge-only']) await fill({ uri: site.uri, size, seed, workers, say });
  await fillBacklog(site.database, size);
  await indexAll(site.database);
  return { ...site, served, asked: askedOf(size, seed) };
};

type Site = Awaited<ReturnType<typeof prepare>>;

/** Calls everything on every size in turn. */
const measure = async (sites: readonly Site[]): Promise<void> => {
  say(`\nMedians of ${rounds} interleaved calls in the largest business of each size, load ${load()}`);
  for (const { size, asked } of sites)
    say(`  of ${size}: ${asked.customers} customers, deep page at ${depthOf(asked.customers)}`);
  const subjects: { size: number; all: readonly WarmSubject[] }[] = [];
  for (const { size, served, asked } of sites) subjects.push({ size, all: await subjectsOf(served, asked) });
  const named = subjects.flatMap(({ size, all }) =>
    all.map(({ name, call }) => ({ name: `${name} @ ${size}`, call })),
  );
  const medians = await warmMedians(named, { rounds, warmUp: WARM_UP });
  const columns = sizes.map((size) => ({
    size,
    of: (subject: string) => medians.get(`${subject} @ ${size}`) ?? Number.NaN,
  }));
  const names = [...new Set(subjects.flatMap(({ all }) => all.map(({ name }) => name)))];
  printMedians(columns, names);
  printDepth(columns);
  printCounts(columns, names);
  printPurge(await purgeCosts(sites, seed));
  say(`\nengine ${database.engine}, load ${load()}`);
};

try {
  const sites: Site[] = [];
  for (const size of sizes) sites.push(await prepare(size));
  if (!values['purge-only'])
    for (const site of sites) for (const line of await diskLines(site.database)) say(line);
  if (values['purge-only']) printPurge(await purgeCosts(sites, seed));
  else if (!values['fill-only']) await measure(sites);
} finally {
  rmSync(dist, { recursive: true, force: true });
  await client.close();
  await database.stop();
}
process.exit(0);
