import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Subscription } from '#lib/contract/route.ts';
import { DeadLetters } from './dead-letters.ts';

/** The longest that Lambda holds what it was given: a fault that is mended within the day loses nothing. */
const OLDEST_EVENT = Duration.hours(6);

export type Source = Readonly<{ name: string; logGroup: LogGroup }>;

/**
 * Hands a function the lines of other functions' logs that tell of its contract's events, and those logs alone may
 * invoke it. What it fails on three times goes to a queue, and still stands in the log that it came from.
 */
export class SubscribedUseCase extends Construct {
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    {
      contract,
      lambda,
      sources,
    }: { contract: Subscription; lambda: LambdaFunction; sources: readonly Source[] },
  ) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      lambda,
      oldestEvent: OLDEST_EVENT,
      reason: 'It is the dead-letter queue of its subscription.',
    });
    for (const { name, logGroup } of sources) {
      new SubscriptionFilter(this, name, {
        logGroup,
        filterName: contract.name,
        filterPattern: FilterPattern.any(
          ...contract.events.map((event) => FilterPattern.stringValue('$.message', '=', event)),
        ),
        destination: new LambdaDestination(lambda),
      });
    }
  }
}
