import { globSync } from 'node:fs';

/** A source file whose mutants must be noticed, by these tests (globs from the project's root), and how many per cent of them at least. */
export type Target = Readonly<{
  file: string;
  tests: readonly string[];
  least: number;
  asksService: boolean;
}>;

/** What must not go wrong unseen: who may what, keys and seals, what is removed for good, what state follows which. */
const STRICT = [
  'functions/purge-deleted-customers/purge-deleted-customers.ts',
  'lib/contract/permissions.ts',
  'lib/domain/customer-state.ts',
  'lib/http/permit.ts',
  'lib/privacy/*.ts',
  'lib/store/purge.ts',
];
/**
 * Not counted: each mutant of theirs would need the service anew, an hour and more in all. What they do is promised and
 * proved by rows of its own.
 */
const SERVING = ['account-for', 'before-deadline', 'idempotency', 'pipeline', 'serve*'].map(
  (name) => `lib/http/${name}.ts`,
);
const REST = ['lib/contract/*.ts', 'lib/domain/*.ts', 'lib/http/*.ts'];

/** Counted, but not measured yet. Once it is, take it off this list. */
export const OWED: readonly string[] = [];

/** Of a file that must not go wrong unseen, in per cent; the others count in the sum only. */
const LEAST_OF_STRICT = 95;

/** Files whose tests are not, or not only, where the tree is mirrored. */
const TESTED_BY: Readonly<Record<string, readonly string[]>> = {
  'functions/purge-deleted-customers/purge-deleted-customers.ts': [
    'test/functions/purge-deleted-customers-steps.test.ts',
  ],
  'lib/contract/rate-limit.ts': ['test/lib/domain/rate-limit.test.ts'],
  'lib/domain/customer-details.ts': ['test/lib/domain/customer.test.ts'],
  'lib/domain/errors.ts': ['test/lib/domain/refusals.test.ts'],
  'lib/domain/phone-digits.ts': ['test/lib/domain/phone.test.ts'],
  'lib/http/answer-size.ts': ['test/lib/http/answer.test.ts'],
  'lib/http/business-account.ts': ['test/lib/http/rate-limit.test.ts'],
  'lib/http/role-view.ts': ['test/lib/http/answer.test.ts'],
  'lib/privacy/keyed-hash.ts': ['test/lib/privacy/{blind-index,payload-hash}.test.ts'],
  'lib/privacy/unknown-key.ts': ['test/lib/privacy/business-keys.test.ts'],
  'lib/store/purge.ts': ['test/functions/purge-deleted-customers.test.ts'],
};

/** Tests that ask the service and its database. The others are spared both, and with them most of the time of a mutant. */
const ASKING = ['test/functions/purge-deleted-customers.test.ts'];

const filesOf = (globs: readonly string[]): string[] => globs.flatMap((glob) => globSync(glob)).sort();

const mirrored = (file: string): readonly string[] => [`test/${file.replace(/\.ts$/, '')}*.test.ts`];

/** Every file whose mutants are counted. */
export const targets = (): readonly Target[] => {
  const strict = filesOf(STRICT);
  const serving = filesOf(SERVING);
  const rest = filesOf(REST).filter((file) => !serving.includes(file));
  return [...new Set([...strict, ...rest])].map((file) => {
    const tests = TESTED_BY[file] ?? mirrored(file);
    return {
      file,
      tests,
      least: strict.includes(file) ? LEAST_OF_STRICT : 0,
      asksService: tests.some((test) => ASKING.includes(test)),
    };
  });
};
