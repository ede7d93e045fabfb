import { readdirSync } from 'node:fs';
import { matchesGlob, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { ROOMS } from '#infra/lint/rooms.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const linter = new ESLint({ cwd: ROOT });
// The house's own rules need no types, and are ten times faster without.
const fastLinter = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** What the project's own configuration says of a text, as if it stood in that file. */
const complaintsOf = async (file: string, text: string): Promise<string> => {
  const [result] = await fastLinter.lintText(`${text}\n`, { filePath: resolve(ROOT, file) });
  return result!.messages.map(({ message }) => message).join('\n');
};

const use = (name: string, from: string): string => `import { ${name} } from '${from}';\n${name}();`;
const STORE = '#lib/store/connection.ts';
const MIGRATE = '#functions/migrate-database/migrate-database.ts';

describe('who may import whom', () => {
  it.each([
    ['lib/domain/customer.ts', STORE, 'The domain knows the domain only'],
    ['lib/domain/customer.ts', 'zod', 'The domain knows the domain only'],
    ['lib/domain/customer.ts', 'node:crypto', 'The domain knows the domain only'],
    ['lib/domain/email.ts', 'libphonenumber-js/max', 'The domain knows the domain only'],
    ['lib/domain/phone.ts', 'zod', 'The domain knows the domain only'],
    ['lib/contract/paging.ts', '#lib/http/serve.ts', 'A contract is data'],
    ['lib/privacy/keyring.ts', STORE, 'Privacy turns values into what may be stored'],
    ['lib/privacy/keyring.ts', 'node:fs', 'Privacy turns values into what may be stored'],
    ['lib/store/customers.ts', '#lib/http/serve.ts', 'The store knows customers and the database'],
    ['lib/store/customers.ts', '../contract/problem.ts', 'The store knows customers and the database'],
    ['lib/store/models/customer.ts', 'zod', 'The store knows customers and the database'],
    ['lib/http/serve.ts', MIGRATE, 'The pipeline serves any use case'],
    ['lib/http/serve.ts', 'mongoose', 'The pipeline serves any use case'],
    ['lib/http/serve.ts', 'aws-lambda', 'The pipeline serves any use case'],
    ['lib/runtime/logger.ts', '#lib/domain/customer.ts', 'The runtime knows the platform'],
    ['functions/get-customer/get-customer.ts', STORE, 'Steps get their ports from the handler'],
    ['functions/get-customer/get-customer.ts', MIGRATE, 'Steps get their ports from the handler'],
    ['functions/get-customer/contract.ts', STORE, 'A contract is data'],
    ['functions/get-customer/handler.ts', MIGRATE, 'another use case is another Lambda'],
    ['functions/get-customer/handler.ts', '#functions/contracts.ts', 'another use case is another Lambda'],
    ['functions/contracts.ts', './get-customer/handler.ts', 'The list holds contracts only'],
    [
      'infra/customer-stack.ts',
      '#functions/get-customer/handler.ts',
      'Infrastructure is made from the contracts',
    ],
    ['infra/constructs/alarms.ts', STORE, 'Infrastructure is made from the contracts'],
    ['infra/lint/arrows.ts', '#functions/contracts.ts', 'The house’s own lint rules'],
    ['infra/shims/saslprep.ts', 'node:crypto', 'A shim goes into every bundle'],
    ['infra/local/gateway.ts', '#lib/domain/customer.ts', 'The local gateway runs what was synthesized'],
    ['infra/local/gateway.ts', '#functions/contracts.ts', 'The local gateway runs what was synthesized'],
    ['infra/local/database/real-mongod.ts', '#infra/local/gateway.ts', 'The embedded database stands alone'],
    ['lib/http/serve.ts', '#lib/store/models/models.ts', 'The pipeline serves any use case'],
    ['lib/http/serve.ts', '#lib/store/isolation/link-proof.ts', 'The pipeline serves any use case'],
    ['functions/get-customer/handler.ts', '#lib/store/models/models.ts', 'A handler hands the ports of lib'],
  ])('%s may not import %s', async (file, from, sentence) => {
    expect(await complaintsOf(file, use('thing', from))).toContain(sentence);
  });

  it.each([
    ['lib/domain/phone.ts', use('thing', 'libphonenumber-js/max')],
    ['lib/http/serve.ts', "import type { Context } from 'aws-lambda';\nexport type Seen = Context;"],
    [
      'functions/get-customer/get-customer.ts',
      `import type { connect } from '${STORE}';\nexport type C = typeof connect;`,
    ],
    ['functions/get-customer/handler.ts', use('getCustomer', './get-customer.ts')],
    ['functions/contracts.ts', use('contract', './get-customer/contract.ts')],
    ['infra/customer-stack.ts', use('thing', 'aws-cdk-lib/aws-lambda')],
  ])('%s may import what its row names', async (file, text) => {
    expect(await complaintsOf(file, text)).toBe('');
  });

  it.each([
    `await import('${STORE}');`,
    `export { connect } from '${STORE}';`,
    'const name = String(1);\nawait import(name);',
  ])('holds for %s too', async (text) => {
    expect(await complaintsOf('lib/domain/customer.ts', text)).toContain('The domain knows the domain only');
  });

  it('has a row for every source file', () => {
    const files = ['lib', 'functions', 'infra'].flatMap((folder) =>
      readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file}`,
      ),
    );
    const sources = files.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => !ROOMS.some((room) => matchesGlob(file, room.files)))).toEqual([]);
  });
});

describe('who may make a scope', () => {
  const ACTOR = '#lib/domain/actor.ts';
  const makes = (name: string) => `import { ${name} } from '${ACTOR}';\nexport const scope = ${name};`;

  it.each([
    ['lib/http/serve.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/store/customers.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/domain/customer.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['functions/get-customer/handler.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/http/serve-task.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['infra/ops/import.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['infra/ops/run-task.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/http/permit.ts', makes('SystemScope'), 'A system scope comes with a task'],
    ['lib/store/purge.ts', makes('SystemScope'), 'A system scope comes with a task'],
    [
      'lib/store/customers.ts',
      `import { BusinessScope as Other } from '${ACTOR}';\nexport const a = Other;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers.ts',
      `import { 'BusinessScope' as Other } from '${ACTOR}';\nexport const a = Other;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers.ts',
      `import * as actor from '../domain/actor.ts';\nexport const a = actor;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers.ts',
      `export { BusinessScope } from '${ACTOR}';`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers.ts',
      `export const a = await import('${ACTOR}');`,
      'A scope comes from verified claims',
    ],
  ])('%s may not: %s', async (file, text, sentence) => {
    expect(await complaintsOf(file, text)).toContain(sentence);
  });

  it.each([
    ['lib/http/permit.ts', makes('BusinessScope')],
    ['infra/ops/business-scope.ts', makes('BusinessScope')],
    ['lib/http/serve-task.ts', makes('SystemScope')],
    ['test/support/a-scope.ts', makes('BusinessScope')],
    [
      'lib/store/customers.ts',
      `import { type BusinessScope, isScope } from '${ACTOR}';\nexport const a = (b: BusinessScope) => isScope(b);`,
    ],
    ['lib/store/customers.ts', `export type { BusinessScope } from '${ACTOR}';`],
  ])('%s may, or needs no more than the type: %s', async (file, text) => {
    expect(await complaintsOf(file, text)).toBe('');
  });
});

describe('what is forbidden everywhere', () => {
  it.each([
    ['export *', 'lib/domain/email.ts', "export * from './phone.ts';", 'No `export *`'],
    ['index.ts', 'lib/domain/index.ts', 'export const a = 1;', 'No index.ts'],
    ['a default export', 'lib/domain/email.ts', 'export default 1;', 'No default exports'],
    ['console', 'lib/http/serve.ts', "console.log('a');", 'Unexpected console statement'],
    [
      'a type assertion',
      'lib/http/serve.ts',
      'export const a = JSON.parse("1") as number;',
      'type assertions',
    ],
    ['any', 'lib/http/serve.ts', 'export const a = (b: any) => b;', 'Unexpected any'],
    [
      'a type imported as a value',
      'lib/http/serve.ts',
      "import { type A } from './answer.ts';\nexport type B = A;",
      'inline type specifiers',
    ],
    [
      'the clock in the domain',
      'lib/domain/email.ts',
      'export const now = Date.now();',
      'The domain has no clock',
    ],
    [
      'new Date() in the domain',
      'lib/domain/email.ts',
      'export const now = new Date();',
      'The domain has no clock',
    ],
    [
      'the environment in the domain',
      'lib/domain/email.ts',
      'export const a = process.env;',
      'has no environment',
    ],
    [
      'document.save()',
      'lib/store/customers.ts',
      'export const f = (a: { save: () => void }) => a.save();',
      'No document.save()',
    ],
    [
      'a raw collection',
      'lib/store/customers.ts',
      'declare const c: { collection: (n: string) => void };\nc.collection("a");',
      'No raw access to the database',
    ],
    [
      'a raw database',
      'lib/store/customers.ts',
      'declare const c: { db: string };\nexport const d = c.db;',
      'No raw access to the database',
    ],
    [
      'the client beneath the models',
      'lib/store/purge.ts',
      'declare const c: { getClient: () => void };\nc.getClient();',
      'No raw access to the database',
    ],
    [
      'a model of one’s own',
      'lib/http/serve.ts',
      'declare const c: { model: (n: string) => void };\nc.model("a");',
      'No raw access to the database',
    ],
    [
      'a query past the guard',
      'lib/store/customers.ts',
      'export const options = { middleware: false };',
      'not the guard of the schema',
    ],
  ])('%s', async (_what, file, text, sentence) => {
    expect(await complaintsOf(file, text)).toContain(sentence);
  });

  it.each([
    '@typescript-eslint/no-floating-promises',
    '@typescript-eslint/no-misused-promises',
    '@typescript-eslint/switch-exhaustiveness-check',
    '@typescript-eslint/no-unsafe-assignment',
  ])('%s, which needs types, is an error', async (rule) => {
    const config: unknown = await linter.calculateConfigForFile(resolve(ROOT, 'lib/http/serve.ts'));
    expect(config).toMatchObject({ rules: { [rule]: expect.arrayContaining([2]) } });
  });
});
