import { globSync } from 'node:fs';

/** A source file whose mutants must be noticed, by these tests (globs from the project's root). */
export type Target = Readonly<{ file: string; tests: readonly string[]; least: number }>;

/** What must not go wrong unseen: who may what, keys and seals, what is removed for good, what state follows which. */
const STRICT = [
  'functions/purge-deleted-customers/purge-deleted-customers.ts',
  'lib/contract/permissions.ts',
  'lib/domain/customer-state.ts',
  'lib/http/permit.ts',
  'lib/privacy/*.ts',
  'lib/store/purge.ts',
];
const REST = ['lib/contract/*.ts', 'lib/domain/*.ts', 'lib/http/*.ts'];

/** Files whose tests are not, or not only, where the tree is mirrored. */
const TESTED_BY: Readonly<Record<string, readonly string[]>> = {
  'functions/purge-deleted-customers/purge-deleted-customers.ts': [
    'test/functions/purge-deleted-customers.test.ts',
  ],
  'lib/contract/permissions.ts': ['test/functions/who-may-call.test.ts'],
  'lib/http/permit.ts': ['test/functions/who-may-call.test.ts'],
  'lib/privacy/keyed-hash.ts': ['test/lib/privacy/blind-index.test.ts'],
  'lib/privacy/masking.ts': ['test/promises/row-23-the-view-fits-the-role.test.ts'],
  'lib/privacy/unknown-key.ts': ['test/lib/privacy/field-cipher.test.ts'],
  'lib/store/purge.ts': ['test/functions/purge-deleted-customers.test.ts'],
};

const filesOf = (globs: readonly string[]): string[] => globs.flatMap((glob) => globSync(glob)).sort();

const mirrored = (file: string): readonly string[] => [`test/${file.replace(/\.ts$/, '')}*.test.ts`];

/** Every file whose mutants are counted. Of the rest, those without a test that mirrors them are left out. */
export const targets = (): readonly Target[] => {
  const strict = filesOf(STRICT);
  return [...new Set([...strict, ...filesOf(REST)])]
    .map((file) => ({
      file,
      tests: TESTED_BY[file] ?? mirrored(file),
      least: strict.includes(file) ? 95 : 85,
    }))
    .filter(({ file, tests }) => strict.includes(file) || filesOf(tests).length > 0);
};
