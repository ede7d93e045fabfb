import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiText } from '#infra/build/openapi.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const MINUTES = 60_000;

/** The contract as the page shows it, with what the script of the page adds. */
const shown = (): any => {
  const context: any = {};
  context.globalThis = context;
  runInNewContext(readFileSync(join(ROOT, 'infra/docs/page/code-samples.js'), 'utf8'), context);
  return context.withTypeScript({ ...JSON.parse(openApiText()), servers: [{ url: 'https://a.example' }] });
};
const sources: string[] = Object.values<object>(shown().paths)
  .flatMap((path) => Object.values(path))
  .map((operation: any) => operation['x-codeSamples'][0].source);

const folder = mkdtempSync(join(tmpdir(), 'samples-'));
/** What a program prints, whether it ends well or not. */
const node = (...args: readonly string[]): Promise<string> =>
  new Promise((resolved) => {
    execFile(process.execPath, args, { cwd: folder }, (_, output) => {
      resolved(output);
    });
  });
const tool = (path: string): string => join(ROOT, 'node_modules', path);

beforeAll(async () => {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'openapi.json'), openApiText());
  await node(tool('openapi-typescript/bin/cli.js'), 'openapi.json', '--output', 'customers.d.ts');
}, 2 * MINUTES);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the TypeScript samples of the docs page', () => {
  it('are there for every operation', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(new Set(sources).size).toBe(sources.length);
  });

  it(
    'are compiled in strict mode with the types of the document',
    async () => {
      const names = sources.map((source, index) => {
        const name = `sample-${String(index)}.ts`;
        writeFileSync(
          join(folder, name),
          `declare const token: string;\n${source}\nexport { data, error };\n`,
        );
        return name;
      });
      const options = [
        '--strict',
        '--noEmit',
        '--module',
        'nodenext',
        '--target',
        'es2024',
        '--skipLibCheck',
      ];
      const said = await node(
        tool('typescript/bin/tsc'),
        ...options,
        '--allowImportingTsExtensions',
        ...names,
      );
      expect(said).toBe('');
    },
    5 * MINUTES,
  );
});
