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
  'functions/retention/purge-deleted-customers/purge-deleted-customers.ts',
  'lib/contract/permissions.ts',
  'lib/domain/customers/customer-state.ts',
  'lib/serve/request/permit.ts',
  'lib/privacy/*.ts',
  'lib/store/retention/purge.ts',
];
/**
 * Not counted: each mutant of theirs would need a new service, an hour and more in all. What they do is promised and
 * proved by rows of its own.
 */
const SERVING = [
  'account-for',
  'answer/repeated-request',
  'limits/before-deadline',
  'pipeline',
  'serve*',
].map((name) => `lib/serve/${name}.ts`);
const REST = ['lib/contract/*.ts', 'lib/domain/**/*.ts', 'lib/serve/**/*.ts'];

/** Counted, but not measured yet. Once it is, take it off this list. */
export const OWED: readonly string[] = [];

/** Of a file that must not go wrong unseen, in per cent; the others count in the sum only. */
const LEAST_OF_STRICT = 95;

/** Files whose tests are not, or not only, where the tree is mirrored. */
const TESTED_BY: Readonly<Record<string, readonly string[]>> = {
  'functions/retention/purge-deleted-customers/purge-deleted-customers.ts': [
    'test/functions/retention/purge-deleted-customers-steps.test.ts',
  ],
  'lib/contract/answer-limit.ts': ['test/lib/serve/answer/answer.test.ts'],
  'lib/contract/default-rate-limit.ts': ['test/lib/domain/business/request-allowance.test.ts'],
  'lib/domain/activity/counts.ts': ['test/lib/domain/activity/{order,payment,totals}.test.ts'],
  'lib/domain/activity/facts.ts': ['test/lib/domain/activity/fold.test.ts'],
  'lib/domain/customers/customer-details.ts': ['test/lib/domain/customers/customer.test.ts'],
  'lib/domain/errors.ts': ['test/lib/domain/refusals.test.ts'],
  'lib/domain/spelling/phrase.ts': ['test/lib/domain/spelling/search-words.test.ts'],
  'lib/serve/answer/answer-size.ts': ['test/lib/serve/answer/answer.test.ts'],
  'lib/serve/limits/business-allowance.ts': ['test/lib/serve/limits/rate-limiter.test.ts'],
  'lib/serve/answer/role-view.ts': ['test/lib/serve/answer/answer.test.ts'],
  'lib/privacy/keyed-hash.ts': ['test/lib/privacy/{keyed-hash,blind-index,payload-hash}.test.ts'],
  'lib/privacy/unknown-key.ts': ['test/lib/privacy/business-keys.test.ts'],
  'lib/store/retention/purge.ts': ['test/functions/retention/purge-deleted-customers.test.ts'],
};

/** Tests that ask the service and its database. The others are spared both, and with them most of the time of a mutant. */
const ASKING = ['test/functions/retention/purge-deleted-customers.test.ts'];

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
