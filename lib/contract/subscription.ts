import { DEFAULT_SIZE, type Door, type PlainNeed, type Sized } from './door.ts';

/** A use case that receives the log lines of other use cases that report these events. */
export type Subscription = Door & Readonly<{ kind: 'subscription'; events: readonly string[] }>;

/** Defines the contract of a use case that receives log lines of other use cases. */
export const defineSubscription = <
  const D extends Sized<Subscription> & Readonly<{ needs: readonly PlainNeed[] }>,
>(
  definition: D,
) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'subscription' as const,
});

/** The steps of a subscription. It receives the lines as they were written, oldest first. */
export type SubscriptionUseCase = (lines: readonly string[]) => Promise<void>;
