import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { check } from 'prettier';
import tseslint from 'typescript-eslint';
import { scaffoldUseCase } from '#infra/dev/scaffold.ts';
import { copiedTree } from '#test/support/copied-tree.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const WING = 'duplicates';
/** One of each kind. */
const NEW = [
  { kind: 'GET', wing: WING, name: 'rate-customer' },
  { kind: 'POST', wing: 'customers', name: 'archive-customer' },
  { kind: 'schedule', wing: 'retention', name: 'tidy-customers' },
] as const;
const ROUTE_LISTS = [
  'test/support/routes.ts',
  'test/functions/who-may-call.test.ts',
  'test/promises/row-23-the-view-fits-the-role.test.ts',
  'infra/build/openapi/story/story.ts',
];
const LISTS = {
  GET: ROUTE_LISTS,
  POST: ROUTE_LISTS,
  schedule: ['lib/store/isolation/system-shapes.ts'],
} as const;
const filesOf = ({ wing, name }: Readonly<{ wing: string; name: string }>): string[] => [
  ...['contract', name, 'handler'].map((file) => `functions/${wing}/${name}/${file}.ts`),
  `test/functions/${wing}/${name}.test.ts`,
];
// What the tests that list use cases read.
const root = copiedTree([
  ...['functions', 'lib', 'infra', 'test', 'docs', 'package.json', 'cdk.json', 'tsconfig.json'],
  ...['jest.config.mjs', 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'redocly.yaml'],
]);
afterAll(() => rmSync(root, { recursive: true }));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const written = new Map<string, string[]>();
beforeAll(async () => {
  for (const { kind, wing, name } of NEW)
    written.set(name, await scaffoldUseCase(root, { asked: `${wing}/${name}`, kind }));
});

describe('npm run new', () => {
  it.each(NEW)('writes $name with its test, and its line in each list of a $kind', ({ kind, ...place }) => {
    const paths = [...filesOf(place), 'functions/contracts.ts', ...LISTS[kind]];
    expect(written.get(place.name)).toEqual(paths);
    for (const path of paths) expect(read(path)).toMatch(new RegExp(place.name.replace('-', '-?'), 'i'));
  });

  it('lists a contract once, the last of its wing', () => {
    const list = read('functions/contracts.ts');
    expect(list.match(/rate-customer/g)).toHaveLength(1);
    const wing = /duplicates: \[([^\]]*)\]/.exec(list)?.[1]?.match(/\w+/g);
    expect(wing).toEqual(['findDuplicates', 'mergeCustomer', 'unmergeCustomer', 'rateCustomer']);
  });

  it('leaves the rest of the lists as it was', () => {
    for (const path of ['functions/contracts.ts', ...LISTS.GET, ...LISTS.schedule]) {
      const before = readFileSync(join(ROOT, path), 'utf8');
      const kept = read(path)
        .replaceAll(/, (rateCustomer|archiveCustomer|tidyCustomers)|'(rate|archive)-customer',? ?/g, '')
        .split('\n');
      const missing = before.split('\n').filter((line) => !kept.includes(line));
      expect([path, missing]).toEqual([path, []]);
    }
  });

  it('writes what compiles', () => {
    const program = join(import.meta.dirname, 'print-diagnostics.ts');
    const compiled = NEW.flatMap(filesOf).filter((path) => path.startsWith('functions/'));
    expect(compiled).toHaveLength(9);
    const said = execFileSync(process.execPath, [program, root, ...compiled], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(said).toBe('');
  });

  it('writes what the linter and the formatter leave alone', async () => {
    const eslint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });
    for (const path of new Set([...written.values()].flat())) {
      const [result] = await eslint.lintText(read(path), { filePath: join(ROOT, path) });
      expect([path, result!.messages]).toEqual([path, []]);
      expect([path, await check(read(path), { filepath: path, singleQuote: true, printWidth: 110 })]).toEqual(
        [path, true],
      );
    }
  });

  it('writes what passes its own tests and those that list use cases', async () => {
    // As npm run new does.
    for (const writer of ['infra/build/readme.ts', 'infra/ops/write-docs.ts', 'infra/build/write-openapi.ts'])
      execFileSync(process.execPath, [writer], { cwd: root });
    const files = [
      ...NEW.map(({ wing, name }) => `test/functions/${wing}/${name}.test.ts`),
      'test/functions/contracts.test.ts',
      ...ROUTE_LISTS.filter((path) => path.endsWith('.test.ts')),
      ...['test/docs/examples.test.ts', 'test/infra/build/openapi-tools.test.ts'],
      ...['test/lib/store/isolation/guard.test.ts', 'test/infra/build/readme.test.ts'],
    ];
    const names = [
      ...NEW.map(({ name }) => name),
      ...[
        'is decided for every route',
        'every way to be answered',
        'every use case',
        'README',
        'docs/openapi.json',
      ],
    ];
    const results = join(root, 'results.json');
    const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, '--ci'];
    const env = { ...process.env, TEST_RUN_FOLDER: '' };
    await promisify(execFile)(
      process.execPath,
      ['--experimental-vm-modules', ...jest, '--testNamePattern', names.join('|'), ...files],
      { cwd: root, env },
    ).catch(() => undefined);
    expect(existsSync(results)).toBe(true);
    const { testResults, numFailedTests, numRuntimeErrorTestSuites, numPassedTests } = JSON.parse(
      readFileSync(results, 'utf8'),
    );
    const said = testResults.map(({ message }: { message: string }) => message).join('');
    expect([said, numFailedTests, numRuntimeErrorTestSuites]).toEqual(['', 0, 0]);
    expect(numPassedTests).toBeGreaterThan(20);
  }, 600_000);

  it.each(['customer', 'Rate-Customer', 'rate_customer', '../rate-customer', ''])(
    'refuses the name %j',
    async (asked) => {
      await expect(scaffoldUseCase(root, { asked })).rejects.toThrow('Name a use case by verb and noun');
    },
  );

  it('refuses a wing that does not exist', async () => {
    await expect(scaffoldUseCase(root, { asked: 'kitchen/rate-customer' })).rejects.toThrow(
      'There is no wing kitchen',
    );
  });

  it('refuses a name that is taken, and touches nothing', async () => {
    const before = read('functions/contracts.ts');
    await expect(scaffoldUseCase(root, { asked: 'get-customer' })).rejects.toThrow(
      'There is already a use case get-customer',
    );
    expect(read('functions/contracts.ts')).toBe(before);
  });
});
