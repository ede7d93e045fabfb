import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { check } from 'prettier';
import tseslint from 'typescript-eslint';
import { scaffoldUseCase } from '#infra/dev/scaffold.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const NAME = 'rate-customer';
const WING = 'duplicates';
const root = mkdtempSync(join(tmpdir(), 'scaffold-'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
let written: string[];

beforeAll(async () => {
  for (const copied of ['functions', 'lib', 'package.json']) {
    cpSync(join(ROOT, copied), join(root, copied), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  written = await scaffoldUseCase(root, `${WING}/${NAME}`);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('npm run new', () => {
  it('writes contract, steps, handler and test, and lists the contract once, the last of its wing', () => {
    expect(written).toEqual([
      `functions/${WING}/${NAME}/contract.ts`,
      `functions/${WING}/${NAME}/${NAME}.ts`,
      `functions/${WING}/${NAME}/handler.ts`,
      `test/functions/${WING}/${NAME}.test.ts`,
      'functions/contracts.ts',
    ]);
    const list = read('functions/contracts.ts');
    expect(list.match(/rate-customer/g)).toHaveLength(1);
    const wing = /duplicates: \[([^\]]*)\]/.exec(list)?.[1]?.match(/\w+/g);
    expect(wing).toEqual(['findDuplicates', 'mergeCustomer', 'unmergeCustomer', 'rateCustomer']);
  });

  it('leaves the rest of the list as it was', () => {
    const before = readFileSync(join(ROOT, 'functions/contracts.ts'), 'utf8');
    const without = read('functions/contracts.ts')
      .replace(/^import .*rateCustomer.*\n/m, '')
      .replace(', rateCustomer', '');
    expect(without).toBe(before);
  });

  it('writes what compiles', () => {
    const program = join(import.meta.dirname, 'print-diagnostics.ts');
    const compiled = written.filter((path) => path.startsWith('functions/'));
    expect(compiled).toHaveLength(4);
    const said = execFileSync(process.execPath, [program, root, ...compiled], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(said).toBe('');
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
      await expect(scaffoldUseCase(root, name)).rejects.toThrow('Name a use case by verb and noun');
    },
  );

  it('refuses a wing that does not exist', async () => {
    await expect(scaffoldUseCase(root, 'kitchen/rate-customer')).rejects.toThrow('There is no wing kitchen');
  });

  it('refuses a name that is taken, and touches nothing', async () => {
    const before = read('functions/contracts.ts');
    await expect(scaffoldUseCase(root, 'get-customer')).rejects.toThrow(
      'There is already a use case get-customer',
    );
    expect(read('functions/contracts.ts')).toBe(before);
  });
});
