import { Duration, type Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Subscription } from '#lib/contract/subscription.ts';
import { DeadLetters } from './dead-letters.ts';
import { listenToLogs } from './log-filters.ts';

/** The longest that Lambda keeps an event: a fault that is repaired within that time loses nothing. */
const OLDEST_EVENT = Duration.hours(6);

type SubscribedUseCaseProps = Readonly<{
  contract: Subscription;
  /** The stack of the functions. */
  main: Stack;
  /** The names of the logs to listen to, by their use case. */
  sources: ReadonlyMap<string, string>;
}>;

/**
 * Sends a function the lines of other functions' logs that hold its contract's events. What it fails on three times goes
 * to a queue, and also stays in the log that it came from.
 */
export class SubscribedUseCase extends Construct {
  constructor(scope: Construct, id: string, { contract, main, sources }: SubscribedUseCaseProps) {
    super(scope, id);
    new DeadLetters(this, 'DeadLetters', {
      contract,
      main,
      oldestEvent: OLDEST_EVENT,
      reason: 'It is the dead-letter queue of its subscription.',
    });
    listenToLogs(this, { contract, main, sources, events: contract.events });
  }
}
