import { readdirSync } from 'node:fs';
import { matchesGlob, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { ROOMS } from '#infra/dev/lint/rooms.ts';

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
const STORE = '#lib/store/database/connection.ts';
const MIGRATE = '#functions/upkeep/migrate-database/migrate-database.ts';

describe('who may import whom', () => {
  it.each([
    ['lib/domain/customers/customer.ts', STORE, 'The domain imports only the domain'],
    ['lib/domain/customers/customer.ts', 'zod', 'The domain imports only the domain'],
    ['lib/domain/customers/customer.ts', 'node:crypto', 'The domain imports only the domain'],
    ['lib/domain/spelling/email.ts', 'libphonenumber-js/max', 'The domain imports only the domain'],
    ['lib/domain/spelling/phone.ts', 'zod', 'The domain imports only the domain'],
    ['lib/contract/paging.ts', '#lib/serve/serve.ts', 'A contract is data'],
    ['lib/privacy/keyring.ts', STORE, 'lib/privacy turns values into what may be stored'],
    ['lib/privacy/keyring.ts', 'node:fs', 'lib/privacy turns values into what may be stored'],
    ['lib/store/customers/writes.ts', '#lib/serve/serve.ts', 'is on floor'],
    ['lib/store/customers/writes.ts', '../../contract/problem.ts', 'is on floor'],
    ['lib/store/collections/customer.ts', 'zod', 'is on floor'],
    ['lib/serve/serve.ts', '#lib/cloud/object-store.ts', 'The pipeline serves every use case'],
    ['lib/serve/serve.ts', '@aws-sdk/client-s3', 'The pipeline serves every use case'],
    ['lib/store/customers/writes.ts', '#lib/cloud/object-store.ts', 'is on floor'],
    ['lib/cloud/object-store.ts', '#lib/domain/errors.ts', 'lib/cloud is the only room with the AWS SDK'],
    ['lib/cloud/object-store.ts', STORE, 'lib/cloud is the only room with the AWS SDK'],
    ['functions/customers/get-customer/handler.ts', '@aws-sdk/client-s3', 'A handler passes ports from lib'],
    ['lib/serve/serve.ts', MIGRATE, 'The pipeline serves every use case'],
    ['lib/serve/serve.ts', 'mongoose', 'The pipeline serves every use case'],
    ['lib/serve/serve.ts', 'aws-lambda', 'The pipeline serves every use case'],
    ['lib/runtime/logger.ts', '#lib/domain/customers/customer.ts', 'The runtime knows the platform'],
    [
      'functions/customers/get-customer/get-customer.ts',
      STORE,
      'The steps of a use case get their ports from the handler',
    ],
    [
      'functions/customers/get-customer/get-customer.ts',
      MIGRATE,
      'The steps of a use case get their ports from the handler',
    ],
    ['functions/customers/get-customer/contract.ts', STORE, 'A contract is data'],
    ['functions/customers/get-customer/handler.ts', MIGRATE, 'Another use case is another Lambda'],
    [
      'functions/customers/get-customer/handler.ts',
      '#functions/contracts.ts',
      'Another use case is another Lambda',
    ],
    [
      'functions/customers/apply-operations/apply-operations.ts',
      '../patch-customer/patch-customer.ts',
      'the steps of create, change and delete, and no others',
    ],
    [
      'functions/customers/apply-operations/handler.ts',
      '../create-customer/create-customer.ts',
      'Another use case is another Lambda',
    ],
    ['lib/store/isolation/guard.ts', '#lib/store/database/connection.ts', 'is on floor 2 of the store'],
    [
      'lib/store/keys/request-keys.ts',
      '#lib/store/business/stored-settings.ts',
      'is on floor 4 of the store',
    ],
    ['lib/store/customers/reader.ts', '#lib/store/lists/plan.ts', 'is on floor 6 of the store'],
    ['lib/serve/serve.ts', '#lib/store/customers/reader.ts', 'The pipeline serves every use case'],
    ['functions/contracts.ts', './customers/get-customer/handler.ts', 'The list holds contracts only'],
    [
      'infra/stack/customer-stack.ts',
      '#functions/customers/get-customer/handler.ts',
      'The stacks are made from the contracts',
    ],
    ['infra/stack/alarms.ts', STORE, 'The stacks are made from the contracts'],
    ['infra/dev/lint/arrows.ts', '#functions/contracts.ts', 'The developers’ tools know file names only'],
    ['infra/build/shims/saslprep.ts', 'node:crypto', 'A shim goes into every bundle'],
    [
      'infra/local/gateway.ts',
      '#lib/domain/customers/customer.ts',
      'The local gateway runs what was synthesized',
    ],
    ['infra/local/gateway.ts', '#functions/contracts.ts', 'The local gateway runs what was synthesized'],
    ['infra/local/database/real-mongod.ts', '#infra/local/gateway.ts', 'The embedded database stands alone'],
    ['lib/serve/serve.ts', '#lib/store/isolation/guarded-model.ts', 'The pipeline serves every use case'],
    ['lib/serve/serve.ts', '#lib/store/isolation/linked-customers.ts', 'The pipeline serves every use case'],
    [
      'functions/customers/get-customer/handler.ts',
      '#lib/store/isolation/guarded-model.ts',
      'A handler passes ports from lib',
    ],
  ])('%s may not import %s', async (file, from, sentence) => {
    expect(await complaintsOf(file, use('thing', from))).toContain(sentence);
  });

  it.each([
    ['lib/domain/spelling/phone.ts', use('thing', 'libphonenumber-js/max')],
    ['lib/serve/serve.ts', "import type { Context } from 'aws-lambda';\nexport type Seen = Context;"],
    [
      'functions/customers/get-customer/get-customer.ts',
      `import type { connect } from '${STORE}';\nexport type C = typeof connect;`,
    ],
    ['functions/customers/get-customer/handler.ts', use('getCustomer', './get-customer.ts')],
    [
      'functions/customers/apply-operations/apply-operations.ts',
      use('createCustomer', '../create-customer/create-customer.ts'),
    ],
    ['lib/store/customers/reader.ts', use('connect', STORE)],
    ['functions/contracts.ts', use('contract', './customers/get-customer/contract.ts')],
    ['infra/stack/customer-stack.ts', use('thing', 'aws-cdk-lib/aws-lambda')],
  ])('%s may import what its row names', async (file, text) => {
    expect(await complaintsOf(file, text)).toBe('');
  });

  it.each([
    `await import('${STORE}');`,
    `export { connect } from '${STORE}';`,
    'const name = String(1);\nawait import(name);',
  ])('holds for %s too', async (text) => {
    expect(await complaintsOf('lib/domain/customers/customer.ts', text)).toContain(
      'The domain imports only the domain',
    );
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
  const ACTOR = '#lib/domain/access/scope.ts';
  const makes = (name: string) => `import { ${name} } from '${ACTOR}';\nexport const scope = ${name};`;

  it.each([
    ['lib/serve/serve.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/store/customers/writes.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/domain/customers/customer.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    [
      'functions/customers/get-customer/handler.ts',
      makes('BusinessScope'),
      'A scope comes from verified claims',
    ],
    ['lib/serve/events/read-event.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/serve/serve-task.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['infra/ops/commands/import-customers.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['infra/ops/run-task.ts', makes('BusinessScope'), 'A scope comes from verified claims'],
    ['lib/serve/request/permit.ts', makes('SystemScope'), 'A system scope comes with a task'],
    ['lib/store/retention/purge.ts', makes('SystemScope'), 'A system scope comes with a task'],
    ['lib/serve/serve.ts', makes('CallerScope'), 'A caller scope comes with a refused call'],
    ['lib/store/callers/refusal-budget.ts', makes('CallerScope'), 'A caller scope comes with a refused call'],
    [
      'lib/store/customers/writes.ts',
      `import { BusinessScope as Other } from '${ACTOR}';\nexport const a = Other;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers/writes.ts',
      `import { 'BusinessScope' as Other } from '${ACTOR}';\nexport const a = Other;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers/writes.ts',
      `import * as actor from '../../domain/access/scope.ts';\nexport const a = actor;`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers/writes.ts',
      `export { BusinessScope } from '${ACTOR}';`,
      'A scope comes from verified claims',
    ],
    [
      'lib/store/customers/writes.ts',
      `export const a = await import('${ACTOR}');`,
      'A scope comes from verified claims',
    ],
  ])('%s may not: %s', async (file, text, sentence) => {
    expect(await complaintsOf(file, text)).toContain(sentence);
  });

  it.each([
    ['lib/serve/request/permit.ts', makes('BusinessScope')],
    ['infra/ops/business-scope.ts', makes('BusinessScope')],
    ['lib/serve/serve-task.ts', makes('SystemScope')],
    ['lib/serve/limits/refusal-limiter.ts', makes('CallerScope')],
    ['test/support/a-scope.ts', makes('BusinessScope')],
    [
      'lib/store/customers/writes.ts',
      `import { type BusinessScope, isScope } from '${ACTOR}';\nexport const a = (b: BusinessScope) => isScope(b);`,
    ],
    ['lib/store/customers/writes.ts', `export type { BusinessScope } from '${ACTOR}';`],
  ])('%s may, or needs no more than the type: %s', async (file, text) => {
    expect(await complaintsOf(file, text)).toBe('');
  });
});

describe('what is forbidden everywhere', () => {
  it.each([
    ['export *', 'lib/domain/spelling/email.ts', "export * from './phone.ts';", 'No `export *`'],
    ['index.ts', 'lib/domain/index.ts', 'export const a = 1;', 'No index.ts'],
    ['a default export', 'lib/domain/spelling/email.ts', 'export default 1;', 'No default exports'],
    ['console', 'lib/serve/serve.ts', "console.log('a');", 'Unexpected console statement'],
    [
      'a type assertion',
      'lib/serve/serve.ts',
      'export const a = JSON.parse("1") as number;',
      'type assertions',
    ],
    ['any', 'lib/serve/serve.ts', 'export const a = (b: any) => b;', 'Unexpected any'],
    [
      'a type imported as a value',
      'lib/serve/serve.ts',
      "import { type A } from './answer.ts';\nexport type B = A;",
      'inline type specifiers',
    ],
    [
      'the clock in the domain',
      'lib/domain/spelling/email.ts',
      'export const now = Date.now();',
      'The domain has no clock',
    ],
    [
      'new Date() in the domain',
      'lib/domain/spelling/email.ts',
      'export const now = new Date();',
      'The domain has no clock',
    ],
    [
      'the environment in the domain',
      'lib/domain/spelling/email.ts',
      'export const a = process.env;',
      'has no environment',
    ],
    [
      'document.save()',
      'lib/store/customers/writes.ts',
      'export const f = (a: { save: () => void }) => a.save();',
      'No document.save()',
    ],
    [
      'a raw collection',
      'lib/store/customers/writes.ts',
      'declare const c: { collection: (n: string) => void };\nc.collection("a");',
      'No raw access to the database',
    ],
    [
      'a raw database',
      'lib/store/customers/writes.ts',
      'declare const c: { db: string };\nexport const d = c.db;',
      'No raw access to the database',
    ],
    [
      'the client beneath the models',
      'lib/store/retention/purge.ts',
      'declare const c: { getClient: () => void };\nc.getClient();',
      'No raw access to the database',
    ],
    [
      'a model of one’s own',
      'lib/serve/serve.ts',
      'declare const c: { model: (n: string) => void };\nc.model("a");',
      'No raw access to the database',
    ],
    [
      'a query past the guard',
      'lib/store/customers/writes.ts',
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
    const config: unknown = await linter.calculateConfigForFile(resolve(ROOT, 'lib/serve/serve.ts'));
    expect(config).toMatchObject({ rules: { [rule]: expect.arrayContaining([2]) } });
  });
});
