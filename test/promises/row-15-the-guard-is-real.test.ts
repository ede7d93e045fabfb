import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useArchive } from '#test/support/archived.ts';
import { fc } from '#test/support/fast-check.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import {
  BUSINESS_ID,
  type Edit,
  findPredicates,
  guardOff,
  storeFiles,
} from '#test/support/scope-mutants/predicates.ts';
import { FOREIGN_CANARY, seed } from '#test/support/scope-mutants/scenario.ts';
import { type Killer, Trials } from '#test/support/scope-mutants/trial.ts';
import { useService } from '#test/support/service.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-15');
// After the service, which plays a bucket for the ledger alone.
useObjectEndpoint();
useArchive();
const predicates = findPredicates();
const mutants = predicates.flatMap(({ where, dropped, foreign }) => [
  { name: `${where}, dropped`, edit: dropped },
  { name: `${where}, of another business`, edit: foreign },
]);

const size = sized({ short: 2, full: mutants.length });
const [sample = []] = fc.sample(fc.shuffledSubarray(mutants, { minLength: size, maxLength: size }), {
  numRuns: 1,
  seed: SEED,
});
const tried = `${sample.length} of ${mutants.length} mutants of ${predicates.length} scope predicates (seed ${SEED})`;

/** A mutant may keep a task at work until its time is over. */
const LONGEST_MS = 5 * PROOF_TIMEOUT_MS;

let trials: Trials;
let answeredToTheOther = '';
beforeAll(async () => {
  useKeyring(keyringOf('k1'));
  answeredToTheOther = await seed(service);
  trials = new Trials(service, process.env['MONGODB_URI'] ?? '');
  await trials.learn();
});
afterAll(() => trials.stop());

/** Tries the sample, with more edits at the same time; none may go unnoticed. */
const expectNoticed = async (more: readonly Edit[]): Promise<string> => {
  const killers: (Killer | null)[] = [];
  for (const { edit } of sample) killers.push(await trials.killerOf([edit, ...more]));
  const survivors = sample.filter((_, index) => killers[index] === null).map(({ name }) => name);
  expect(survivors).toEqual([]);
  const counts = Map.groupBy(killers, (killer) => killer);
  return [...counts].map(([killer, { length }]) => `${length} by the ${killer}`).join(', ');
};

describe('promise 15: the guard is real', () => {
  it('by a predicate for each id of a business that the store makes for the database', () => {
    // A constant is looked for where it is used; a walk from business to business is bound to none.
    const bound = new RegExp(`(?<!const \\w+ = |\\$gt: )${BUSINESS_ID.source}`, 'g');
    const made = storeFiles().flatMap((file) => readFileSync(file, 'utf8').match(bound) ?? []);
    expect(made.length).toBeGreaterThan(0);
    expect(predicates.filter(({ where }) => BUSINESS_ID.test(where))).toHaveLength(made.length);
  });

  it('by a scenario that is always the same, and canaries that the other business does see', async () => {
    const times = sized({ short: 1, full: 20 });
    for (let time = 0; time < times; time += 1) expect(await trials.killerOf([guardOff()])).toBeNull();
    expect(answeredToTheOther).toMatch(FOREIGN_CANARY);
  });

  it(
    'by every mutant of a scope predicate being noticed',
    async () => {
      const noticed = await expectNoticed([]);
      report(15, `${tried}: noticed ${noticed}; 0 survived`);
    },
    LONGEST_MS,
  );

  it(
    'by every mutant being noticed without the guard too',
    async () => {
      const noticed = await expectNoticed([guardOff()]);
      report(15, `${tried}, without the guard: noticed ${noticed}; 0 survived`);
    },
    LONGEST_MS,
  );

  it(
    'by no mutant bringing out what another business has sealed, with the guard off and nobody looking',
    async () => {
      const leaks: string[] = [];
      for (const { name, edit } of sample)
        for (const leak of await trials.leaksOf([edit, guardOff()])) leaks.push(`${name}: ${leak}`);
      expect(leaks).toEqual([]);
      report(
        15,
        `${tried}, without guard and judge: 0 encrypted values of the other business in answers and logs`,
      );
    },
    LONGEST_MS,
  );
});
