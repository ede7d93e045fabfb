import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiText } from '#infra/build/openapi.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/client.md'), 'utf8');
const CODE = /```ts\n([^]+?)```/.exec(PAGE)?.[1] ?? '';

/** What a program prints, whether it ends well or not. */
const node = (...args: readonly string[]): Promise<string> =>
  new Promise((resolved) => {
    execFile(process.execPath, args, { cwd: folder }, (_, output) => {
      resolved(output);
    });
  });
const tool = (path: string): string => join(ROOT, 'node_modules', path);

const folder = mkdtempSync(join(tmpdir(), 'client-'));
beforeAll(async () => {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'openapi.json'), openApiText());
  await node(tool('openapi-typescript/bin/cli.js'), 'openapi.json', '--output', 'customers.d.ts');
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the compiler says against a client, in strict mode. */
const complaints = async (name: string, code: string): Promise<string> => {
  writeFileSync(join(folder, name), code);
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck'];
  return await node(tool('typescript/bin/tsc'), ...options, '--allowImportingTsExtensions', name);
};

describe('the client of docs/client.md', () => {
  it('has ten lines at most, beside its imports', () => {
    const lines = CODE.split('\n').filter((line) => line !== '' && !line.startsWith('import'));
    expect([lines.length > 5, lines.length <= 10]).toEqual([true, true]);
  });

  it('is compiled in strict mode', async () => {
    expect(await complaints('client.ts', CODE)).toBe('');
  }, 120_000);

  it('is refused by the compiler with a value of another type, a path or a field that there is not', async () => {
    for (const [right, wrong] of [
      ["firstName: 'Anna'", 'firstName: 1'],
      ["'/api/v1/customer'", "'/api/v1/customers'"],
      ['data._id', 'data.id'],
      ["'x-business-tenant-id'", "'x-business'"],
    ] as const) {
      expect(CODE).toContain(right);
      expect(await complaints('wrong.ts', CODE.replace(right, wrong))).toContain('error TS');
    }
  }, 240_000);
});

describe('the client of docs/client.md, run', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveBundles('client');
  }, 120_000);
  afterAll(() => served.stop());

  it('creates a customer through the gateway, and says why it cannot', async () => {
    const { url, token } = served.gateway;
    const { businessId } = served;
    const given = JSON.stringify([url, token({ businessId, role: 'OWNER' }), businessId]);
    writeFileSync(join(folder, 'client.ts'), CODE);
    writeFileSync(
      join(folder, 'run.ts'),
      `import { register } from './client.ts';
      const given = ${given} as [string, string, string];
      console.log(await register(...given));
      console.log(await register(...given).catch(({ message }) => message));`,
    );
    const [id, refusal] = (await node('run.ts')).split('\n');
    const { body } = await served.request('GET', `/api/v1/customer/${id!}`);
    expect([body.firstName, body.phone]).toEqual(['Anna', '+447700900123']);
    expect(refusal).toContain('email');
  }, 60_000);
});
