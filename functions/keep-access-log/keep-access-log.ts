import type { SubscriptionUseCase } from '#lib/contract/route.ts';

type Needs = { writeLine: (line: string) => Promise<void> };

/** What is kept is what was written, letter by letter. Delivered twice it is kept twice: its request id tells. */
export const keepAccessLog =
  ({ writeLine }: Needs): SubscriptionUseCase =>
  async (lines) => {
    for (const line of lines) await writeLine(line);
  };
