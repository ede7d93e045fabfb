import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { check } from 'prettier';
import tseslint from 'typescript-eslint';
import { scaffoldUseCase } from '#infra/scaffold.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NAME = 'rate-customer';
const root = mkdtempSync(join(tmpdir(), 'scaffold-'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
let written: string[];

beforeAll(async () => {
  for (const copied of ['functions', 'lib', 'package.json']) {
    cpSync(join(ROOT, copied), join(root, copied), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['functions'] }));
  written = await scaffoldUseCase(root, NAME);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('npm run new', () => {
  it('writes contract, steps, handler and test, and lists the contract once, in the order of names', () => {
    expect(written).toEqual([
      `functions/${NAME}/contract.ts`,
      `functions/${NAME}/${NAME}.ts`,
      `functions/${NAME}/handler.ts`,
      `test/functions/${NAME}.test.ts`,
      'functions/contracts.ts',
    ]);
    const names = [...read('functions/contracts.ts').matchAll(/from '\.\/(.+)\/contract/g)].map(
      ([, name]) => name!,
    );
    expect(names.filter((name) => name === NAME)).toHaveLength(1);
    expect(names).toEqual([...names].sort());
    expect(read('functions/contracts.ts')).toMatch(/^ {2}rateCustomer,$/m);
  });

  it('leaves the rest of the list as it was', () => {
    const before = readFileSync(join(ROOT, 'functions/contracts.ts'), 'utf8');
    const without = read('functions/contracts.ts')
      .split('\n')
      .filter((line) => !line.includes('rateCustomer'))
      .join('\n');
    expect(without).toBe(before);
  });

  it('writes what compiles', () => {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(() =>
      execFileSync(process.execPath, [compiler, '--noEmit'], { cwd: root, encoding: 'utf8' }),
    ).not.toThrow();
  });

  it('writes what the linter and the formatter leave alone', async () => {
    const eslint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });
    for (const path of written) {
      const [result] = await eslint.lintText(read(path), { filePath: join(ROOT, path) });
      expect([path, result!.messages]).toEqual([path, []]);
      expect([path, await check(read(path), { filepath: path, singleQuote: true, printWidth: 110 })]).toEqual(
        [path, true],
      );
    }
  });

  it.each(['customer', 'Rate-Customer', 'rate_customer', '../rate-customer', ''])(
    'refuses the name %j',
    async (name) => {
      await expect(scaffoldUseCase(root, name)).rejects.toThrow('A use case is named by verb and noun');
    },
  );

  it('refuses a name that is taken, and touches nothing', async () => {
    const before = read('functions/contracts.ts');
    await expect(scaffoldUseCase(root, 'get-customer')).rejects.toThrow(
      'There is a use case get-customer already',
    );
    expect(read('functions/contracts.ts')).toBe(before);
  });
});
