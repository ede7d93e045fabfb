import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildFunctions } from '#infra/build.ts';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { coldMedians, type ColdSubject } from './cold.ts';
import { load, milliseconds, printTable } from './figures.ts';
import { sameWork } from './same-work.ts';
import { warmMedians } from './warm.ts';

const COLD_ROUNDS = Number(process.env['COLD_ROUNDS'] ?? 15);
const WARM_ROUNDS = Number(process.env['WARM_ROUNDS'] ?? 300);
const CUSTOMERS = 200;

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number; body: string }>;
const load_ = createRequire(import.meta.url);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

const businessId = randomBytes(12).toString('hex');
const event = (more: object) => ({
  rawPath: '/',
  rawQueryString: '',
  headers: { 'x-business-tenant-id': businessId, 'content-type': 'application/json' },
  isBase64Encoded: false,
  requestContext: {
    authorizer: { jwt: { claims: { sub: 'bench', business_roles: `${businessId}:OWNER` } } },
  },
  ...more,
});
let serial = 0;
const customer = () => {
  serial += 1;
  const digits = String(serial).padStart(6, '0');
  return {
    firstName: 'Zofia',
    lastName: `Kowalska-${digits}`,
    email: `zofia.${digits}@example.com`,
    phone: `48600${digits}`,
    note: 'Prefers mornings.',
  };
};
const creation = () => event({ body: JSON.stringify(customer()) });

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const keyring = join(folder, 'keyring.json');
writeFileSync(keyring, JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
const database = await startDatabase({ databaseName: 'bench' });
const environment = {
  ...process.env,
  MONGODB_URI: database.uri,
  KEYRING_FILE: keyring,
  POWERTOOLS_LOG_LEVEL: 'CRITICAL',
  RATE_LIMIT_PER_SECOND: '1000000',
  RATE_LIMIT_BURST: '1000000',
};
Object.assign(process.env, environment);

try {
  say(`node ${process.version}; load ${load()}`);
  const bundles = join(folder, 'dist');
  await buildFunctions({ outdir: bundles });
  const baselines = join(folder, 'baselines');
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['baselines/empty.ts', 'baselines/plain-mongoose.ts'],
    outdir: baselines,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    logLevel: 'silent',
    external: [
      'kerberos',
      'snappy',
      'socks',
      'gcp-metadata',
      '@mongodb-js/zstd',
      '@aws-sdk/*',
      'mongodb-client-encryption',
    ],
  });
  const bundleOf = (name: string) => join(bundles, name, 'index.cjs');
  const handlerOf = (name: string) => (load_(bundleOf(name)) as { handler: Handler }).handler;
  const plain = load_(join(baselines, 'plain-mongoose.cjs')) as Record<
    'get' | 'create' | 'find' | 'prepare',
    Handler
  >;

  say(`Preparing ${String(CUSTOMERS)} customers …`);
  await handlerOf('migrate-database')({}, context);
  await plain.prepare({}, context);
  const create = handlerOf('create-customer');
  const ids: string[] = [];
  const plainIds: string[] = [];
  for (let count = 0; count < CUSTOMERS; count += 1) {
    ids.push((JSON.parse((await create(creation(), context)).body) as { _id: string })._id);
    plainIds.push((JSON.parse((await plain.create(creation(), context)).body) as { _id: string })._id);
  }
  const one = event({ pathParameters: { id: ids[0] } });
  const plainOne = event({ pathParameters: { id: plainIds[0] } });
  const list = event({ queryStringParameters: {} });

  const subject = (name: string, bundle: string, [export_, input]: [string, unknown]): ColdSubject => ({
    name,
    bundle,
    export: export_,
    event: input,
  });
  const plainBundle = join(baselines, 'plain-mongoose.cjs');
  say(`Cold starts: ${String(COLD_ROUNDS)} rounds …`);
  const cold = await coldMedians(
    [
      subject('empty', join(baselines, 'empty.cjs'), ['handler', {}]),
      subject('plain get', plainBundle, ['get', plainOne]),
      subject('get', bundleOf('get-customer'), ['handler', one]),
      subject('plain find', plainBundle, ['find', list]),
      subject('find', bundleOf('find-customers'), ['handler', list]),
      // A retried creation must not meet its own duplicate: anonymous customers hold no email or phone.
      subject('plain create', plainBundle, ['create', event({ body: '{"customerType":"anonymous"}' })]),
      subject('create', bundleOf('create-customer'), [
        'handler',
        event({ body: '{"customerType":"anonymous"}' }),
      ]),
    ],
    { rounds: COLD_ROUNDS, environment },
  );
  const of = (figures: ReadonlyMap<string, number>, name: string) => figures.get(name) ?? Number.NaN;
  printTable(
    `Cold: spawn to first answer, load ${load()}`,
    ['get', 'find', 'create'].flatMap((what) => [
      {
        what,
        full: of(cold, what),
        baseline: of(cold, `plain ${what}`),
        against: 'plain Mongoose',
        must: 'must <= 1.10',
      },
      {
        what,
        full: of(cold, what),
        baseline: of(cold, 'empty'),
        against: 'empty handler',
        must: 'must <= 6.5',
      },
    ]),
  );

  say(`\nWarm calls: ${String(WARM_ROUNDS)} rounds …`);
  const raw = await sameWork({ uri: database.uri, businessId, ids });
  const get = handlerOf('get-customer');
  const find = handlerOf('find-customers');
  const warm = await warmMedians(
    [
      { name: 'get', call: () => get(one, context) },
      { name: 'raw get', call: raw.get },
      { name: 'plain get', call: () => plain.get(plainOne, context) },
      { name: 'find', call: () => find(list, context) },
      { name: 'raw find', call: raw.find },
      { name: 'plain find', call: () => plain.find(list, context) },
      { name: 'create', call: () => create(creation(), context) },
      { name: 'raw create', call: raw.create },
      { name: 'plain create', call: () => plain.create(creation(), context) },
    ],
    WARM_ROUNDS,
  );
  printTable(
    `Warm: one call, load ${load()}`,
    ['get', 'find', 'create'].flatMap((what) => [
      {
        what,
        full: of(warm, what),
        baseline: of(warm, `raw ${what}`),
        against: 'raw driver, same database work',
        must: 'must <= 1.25',
      },
      {
        what,
        full: of(warm, what),
        baseline: of(warm, `plain ${what}`),
        against: 'plain Mongoose, less work',
      },
    ]),
  );
  await raw.close();

  say('\nBundles');
  for (const name of ['get-customer', 'find-customers', 'create-customer', 'get-openapi-document']) {
    say(`  ${name.padEnd(24)} ${(statSync(bundleOf(name)).size / 1_000_000).toFixed(2)} MB (must <= 2.2)`);
  }
  say(`  empty process: ${milliseconds(of(cold, 'empty'))}`);
} finally {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
