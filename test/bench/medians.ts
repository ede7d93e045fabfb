import { median } from './figures.ts';

export type WarmSubject = Readonly<{ name: string; call: () => Promise<unknown> }>;

type Plan = Readonly<{
  rounds: number;
  /** Calls of each before any counts. */
  warmUp: number;
  /**
   * How often each is called when its turn comes: more than once, and most calls find their own code in the processor's
   * caches, as they do in an environment that serves one function.
   */
  inARow?: number;
}>;

/** Medians of interleaved calls inside this process, by name. */
export const warmMedians = async (
  subjects: readonly WarmSubject[],
  { rounds, warmUp, inARow = 1 }: Plan,
): Promise<ReadonlyMap<string, number>> => {
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  const warmUpRounds = Math.ceil(warmUp / inARow);
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    for (const { name, call } of subjects) {
      for (let turn = 0; turn < inARow; turn += 1) {
        const startedAt = performance.now();
        await call();
        if (round >= warmUpRounds) samples.get(name)?.push(performance.now() - startedAt);
      }
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, median(taken)]));
};
