import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Contract } from '#lib/contract/contract.ts';
import { contracts, folderOf } from '#functions/contracts.ts';
import { addCodeCache } from '#infra/build/code-cache/code-cache.ts';
import { PRINTING_OF_THE_BUS, PRINTING_OF_THE_SDK, prints } from './printing.ts';
import { builtFunctions } from '#test/support/built-functions.ts';

const LARGEST_BUNDLE_BYTES = 2_200_000;
/** The SDK, in bundles of schedules and operations that need a bucket: nobody waits for their start. */
const SDK_BYTES = 1_100_000;
const SHIMS = [
  'infra/build/shims/client-side-encryption.ts',
  'infra/build/shims/saslprep.ts',
  'infra/build/shims/whatwg-url.ts',
  'infra/build/shims/zod-locale.ts',
];

/** A bulk is its operations: the one use case that holds the steps of others. */
const ITS_OPERATIONS = ['change-customer', 'create-customer', 'delete-customer'].map(
  (name) => `${folderOf(name)}/${name}.ts`,
);

type Output = Readonly<{ entryPoint?: string; inputs: Readonly<Record<string, unknown>> }>;

const folder = mkdtempSync(join(tmpdir(), 'build-'));
/** The bundles that the tests of the service run too. */
const built = join(await builtFunctions(), 'dist');
const { outputs }: { outputs: Readonly<Record<string, Output>> } = JSON.parse(
  readFileSync(join(built, 'meta.json'), 'utf8'),
);

const bundleOf = (name: string): string => join(built, name, 'index.cjs');
const inputsOf = (name: string): string[] =>
  Object.keys(
    Object.values(outputs).find(({ entryPoint }) => entryPoint === `${folderOf(name)}/handler.ts`)!.inputs,
  );
/** The copies of a package in a bundle, by where they are installed. */
const copiesOf = (name: string, inputs: readonly string[]): string[] => [
  ...new Set(inputs.flatMap((input) => new RegExp(`^.*node_modules/${name}(?=/)`).exec(input) ?? [])),
];
const digestOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'meta.json')
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [
        file.slice(root.length),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );

afterAll(() => rmSync(folder, { recursive: true }));

/** What could print in a Lambda beside our own log, and why nothing personal comes of it. */
const PRINTING: Readonly<Record<string, string>> = {
  'lib/runtime/standard-output.ts': 'what lib/runtime/redaction.ts has let pass, for the access log',
  '@aws-lambda-powertools/batch/lib/esm/BasePartialBatchProcessor.js':
    'warnings of a parser that may be given to it, of which there is none',
  '@aws-lambda-powertools/commons/lib/esm/awsSdkUtils.js':
    'for clients of AWS that are given to powertools, of which there is none',
  '@aws-lambda-powertools/logger/lib/esm/Logger.js': 'behind our formatter',
  '@aws-lambda-powertools/logger/lib/esm/formatter/LogFormatter.js': 'a time zone that does not exist',
  '@aws-lambda-powertools/metrics/lib/esm/Metrics.js': 'names of metrics and numbers',
  'mongodb/lib/mongo_logger.js': 'switched off by lib/store/database/connection.ts',
  'mongodb/lib/utils.js': 'warnings, which lib/runtime/process-faults.ts tells by name',
  'mongoose/lib/drivers/node-mongodb-native/collection.js':
    'when debugging is switched on, which nobody does',
  'mongoose/lib/utils.js': 'warnings, as above',
  'mquery/lib/mquery.js': 'a deprecated argument, in fixed words',
};
const needsBucket = ({ needs }: Pick<Contract, 'needs'>) => needs.some((need) => need.endsWith('-bucket'));
const needsBus = ({ needs }: Pick<Contract, 'needs'>) => needs.includes('event-bus');

describe('the build', () => {
  it('holds nothing that prints but what is known to print nothing personal', () => {
    const inputs = new Set(Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
    const printing = [...inputs].filter(prints).map((input) => input.replace(/^.*node_modules\//, ''));
    const known = {
      ...PRINTING,
      ...PRINTING_OF_THE_SDK,
      ...(contracts.some(needsBus) && PRINTING_OF_THE_BUS),
    };
    expect(printing.sort()).toEqual(Object.keys(known).sort());
  });

  it('makes one bundle for each use case, and the metafile beside them', () => {
    expect(readdirSync(built).sort()).toEqual([...contracts.map(({ name }) => name), 'meta.json'].sort());
  });

  it('makes the same bytes from the same sources: what did not change is not deployed again', () => {
    const again = join(folder, 'again');
    execFileSync(process.execPath, [join(import.meta.dirname, 'build-functions.ts'), again]);
    expect(digestOf(again)).toEqual(digestOf(built));
  });

  it('puts the OpenAPI document where a contract needs it, and nothing else beside a bundle', () => {
    for (const { name, needs } of contracts) {
      const files = readdirSync(join(built, name)).sort();
      expect(files).toEqual(
        needs.includes('openapi-document') ? ['index.cjs', 'openapi.json'] : ['index.cjs'],
      );
    }
    const document = JSON.parse(readFileSync(join(built, 'get-openapi-document', 'openapi.json'), 'utf8'));
    expect(document).toMatchObject({ openapi: '3.1.0' });
  });

  it.each(contracts.map(({ name }) => name))(
    'writes %s in ASCII: it is read in fewer milliseconds so',
    (name) => {
      expect(readFileSync(bundleOf(name), 'utf8').match(/[^\x00-\x7f]/)?.[0]).toBeUndefined();
    },
  );

  it('makes bundles that load where no package is installed', () => {
    const load =
      'for (const bundle of process.argv.slice(1)) if (typeof require(bundle).handler !== "function") throw new Error(bundle);';
    const bundles = contracts.map(({ name }) => bundleOf(name));
    expect(() =>
      execFileSync(process.execPath, ['-e', load, ...bundles], { cwd: folder, env: {} }),
    ).not.toThrow();
  });
});

describe('a bundle with a code cache', () => {
  const REJECTED = '{"level":"WARN","message":"code-cache-rejected"}\n';
  const ask =
    'require(process.argv[1]).handler({ headers: {}, requestContext: {} }, { awsRequestId: "a" }).then(({ statusCode, body }) => process.stdout.write(`${statusCode} ${body}`))';
  const answerOf = (bundle: string, ...flags: string[]) => {
    const env = { POWERTOOLS_LOG_LEVEL: 'SILENT' };
    const run = spawnSync(process.execPath, [...flags, '-e', ask, bundle], { encoding: 'utf8', env });
    return { answer: run.stdout, said: run.stderr };
  };
  const cached = join(folder, 'cached', 'index.cjs');
  beforeAll(async () => {
    cpSync(dirname(bundleOf('get-openapi-document')), dirname(cached), { recursive: true });
    await addCodeCache(dirname(cached));
  });

  it('answers as it does without one, and by the code that it brought', () => {
    const { answer, said } = answerOf(cached);
    expect(said).toBe('');
    expect(answer).toMatch(/^200 .*"openapi":"3.1.0"/);
    expect(answer).toBe(answerOf(bundleOf('get-openapi-document')).answer);
  });

  it('answers by code of its own under a Node that runs with other flags, and says so in one line', () => {
    const { answer, said } = answerOf(cached, '--no-opt');
    expect(said).toBe(REJECTED);
    expect(answer).toBe(answerOf(cached).answer);
  });

  it('is not made of a bundle that cannot be loaded', async () => {
    const broken = join(folder, 'broken');
    cpSync(join(import.meta.dirname, '../../../infra/build/code-cache/index.cjs'), join(broken, 'index.cjs'));
    await expect(addCodeCache(broken)).rejects.toThrow('function.cache');
  });
});

describe.each(contracts.map((contract) => [contract.name, contract] as const))(
  'the bundle of %s',
  (name, { needs, kind }) => {
    it('holds its own use case and no other, and of infra only the shims', () => {
      const inputs = inputsOf(name);
      const functions = inputs.filter((input) => input.startsWith('functions/'));
      expect(functions.length).toBeGreaterThan(1);
      expect(functions.filter((input) => !input.startsWith(`${folderOf(name)}/`))).toEqual(
        name === 'apply-operations' ? ITS_OPERATIONS : [],
      );
      expect(inputs.filter((input) => /^(infra|test)\//.test(input) && !SHIMS.includes(input))).toEqual([]);
    });

    it('holds the store only if its contract needs the database, in one copy', () => {
      const expected = needs.includes('database') ? 1 : 0;
      for (const packageName of ['mongoose', 'mongodb', 'bson']) {
        expect([packageName, copiesOf(packageName, inputsOf(name)).length]).toEqual([packageName, expected]);
      }
      expect(inputsOf(name).some((input) => input.startsWith('lib/store/'))).toBe(needs.includes('database'));
    });

    it('holds the AWS SDK and the object store only if its contract needs a bucket or the bus, and a route never', () => {
      const needsCloud = needsBucket({ needs }) || needsBus({ needs });
      const cloud = inputsOf(name).filter((input) =>
        /^lib\/cloud\/|node_modules\/(@aws-sdk|@smithy)\//.test(input),
      );
      expect(cloud.length > 0).toBe(needsCloud);
      if (kind === 'route') expect(needsCloud).toBe(false);
    });

    it('holds no other part of AWS, no sentences of zod in any language and nothing that a shim replaces', () => {
      const unwanted =
        /node_modules\/(aws-xray-sdk|whatwg-url|tr46|@mongodb-js\/saslprep)\/|zod\/.*locales\//;
      expect(inputsOf(name).filter((input) => unwanted.test(input))).toEqual([]);
    });

    it('is at most 2.2 MB, and 3.3 MB with the AWS SDK', () => {
      const largest = LARGEST_BUNDLE_BYTES + (needsBucket({ needs }) || needsBus({ needs }) ? SDK_BYTES : 0);
      expect(statSync(bundleOf(name)).size).toBeLessThanOrEqual(largest);
    });
  },
);
