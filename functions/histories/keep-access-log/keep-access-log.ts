import type { SubscriptionUseCase } from '#lib/contract/subscription.ts';

type Needs = { writeLine: (line: string) => Promise<void> };

/** Keeps each line exactly as it was written. A line that is delivered twice is kept twice; its request id shows that. */
export const keepAccessLog =
  ({ writeLine }: Needs): SubscriptionUseCase =>
  async (lines) => {
    for (const line of lines) await writeLine(line);
  };
