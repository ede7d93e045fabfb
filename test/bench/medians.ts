import { median } from './figures.ts';

export type WarmSubject = Readonly<{ name: string; call: () => Promise<unknown> }>;

export const WARM_UP_ROUNDS = 50;

/**
 * Medians of interleaved calls inside this process, by name.
 * @param inARow how often each subject is called when its turn comes: more than once, and most calls find their own code
 * in the processor's caches, as they do in an environment that serves one function
 */
export const warmMedians = async (
  subjects: readonly WarmSubject[],
  rounds: number,
  inARow = 1,
): Promise<ReadonlyMap<string, number>> => {
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
    for (const { name, call } of subjects) {
      for (let turn = 0; turn < inARow; turn += 1) {
        const startedAt = performance.now();
        await call();
        if (round >= WARM_UP_ROUNDS) samples.get(name)?.push(performance.now() - startedAt);
      }
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, median(taken)]));
};
