import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { type Edit, findPredicates, guardOff } from '#test/support/scope-mutants/predicates.ts';
import { FOREIGN_CANARY, seed } from '#test/support/scope-mutants/scenario.ts';
import { type Killer, Trials } from '#test/support/scope-mutants/trial.ts';
import { useService } from '#test/support/service.ts';

const service = useService('row-15');
const predicates = findPredicates();
const sampleSeed = Date.now();

type Mutant = Readonly<{ name: string; edit: Edit }>;
const mutants: readonly Mutant[] = predicates.flatMap(({ where, dropped, foreign }) => [
  { name: `${where}, dropped`, edit: dropped },
  { name: `${where}, of another business`, edit: foreign },
]);
const size = sized({ short: 3, full: mutants.length });
const [sample = []] = fc.sample(fc.shuffledSubarray([...mutants], { minLength: size, maxLength: size }), {
  numRuns: 1,
  seed: sampleSeed,
});

let trials: Trials;
let seen = '';
beforeAll(async () => {
  useKeyring(keyringOf('k1'));
  seen = await seed(service);
  trials = new Trials(service, process.env['MONGODB_URI'] ?? '');
  await trials.learn();
});
afterAll(() => trials.stop());

const size15 = `${mutants.length} mutants of ${predicates.length} predicates, ${sample.length} of them tried (seed ${sampleSeed})`;

/** What killed each of the mutants that are tried; survivors by their names. */
const fatesWith = async (more: readonly Edit[]): Promise<{ killed: string; survivors: string[] }> => {
  const killers: (Killer | null)[] = [];
  for (const { edit } of sample) killers.push(await trials.killerOf([edit, ...more]));
  const killed = (['guard', 'judge', 'answer', 'effect'] as const)
    .map((killer) => `${killers.filter((one) => one === killer).length} by ${killer}`)
    .join(', ');
  return { killed, survivors: sample.filter((_, index) => killers[index] === null).map(({ name }) => name) };
};

describe('promise 15: the guard is real', () => {
  it('by a scenario that is the same twice without a mutant', async () => {
    expect(await trials.killerOf([])).toBeNull();
    expect(await trials.killerOf([guardOff()])).toBeNull();
    expect(seen).toMatch(FOREIGN_CANARY);
  });

  it(
    'by every mutant of a scope predicate being noticed',
    async () => {
      const { killed, survivors } = await fatesWith([]);
      expect(survivors).toEqual([]);
      report(15, `${size15}: ${killed}, 0 survived`);
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'by every mutant being noticed without the guard too',
    async () => {
      const { killed, survivors } = await fatesWith([guardOff()]);
      expect(survivors).toEqual([]);
      report(15, `${size15}, the guard off: ${killed}, 0 survived`);
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'by no mutant bringing out what another business has sealed, with nobody looking',
    async () => {
      const leaks: string[] = [];
      for (const { name, edit } of sample)
        leaks.push(...(await trials.leaksOf([edit, guardOff()])).map((leak) => `${name}: ${leak}`));
      expect(leaks).toEqual([]);
      report(15, `${size15}, guard and judge off: 0 sealed values of another business in answers and logs`);
    },
    PROOF_TIMEOUT_MS,
  );
});
