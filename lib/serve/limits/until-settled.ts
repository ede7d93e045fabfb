import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { translateError } from '#lib/store/database/database-errors.ts';

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 120;

type Patience = Readonly<{
  /** Whether another attempt may succeed where this one failed. */
  mayPass: (failure: unknown) => boolean;
  /** What is thrown when the time is over. */
  atLast: (failure: unknown) => unknown;
}>;

/**
 * Makes attempts until one succeeds, each from the first read on and with a scope of its own. Between two it waits, longer each time.
 * @throws what an attempt threw that cannot pass, and after the deadline of the scope what `atLast` makes of it
 */
export const untilSettled = async <T>(
  scope: BusinessScope,
  attempt: (attempted: BusinessScope) => Promise<T>,
  { mayPass, atLast }: Patience,
): Promise<T> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt(scope.again());
    } catch (error) {
      const meaning = translateError(error);
      if (!mayPass(meaning)) throw meaning;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
      if (Date.now() >= scope.deadline) throw atLast(meaning);
    }
  }
};
