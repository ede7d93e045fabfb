import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscriptionFilter, FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Subscription } from '#lib/contract/subscription.ts';
import { DeadLetters } from './dead-letters.ts';
import { functionArn, functionName, logGroupsArn } from './names.ts';

/** The longest that Lambda keeps an event: a fault that is repaired within that time loses nothing. */
const OLDEST_EVENT = Duration.hours(6);

type SubscribedUseCaseProps = Readonly<{
  contract: Subscription;
  /** The stack of the functions. */
  main: Stack;
  /** The logs to listen to, by the name of their use case. */
  sources: ReadonlyMap<string, LogGroup>;
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
    // One for all logs of the main stack: the policy of a function holds 20 KB, about fifty permissions.
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: functionName(main, contract),
      principal: 'logs.amazonaws.com',
      sourceArn: logGroupsArn(main),
      sourceAccount: Stack.of(this).account,
    });
    for (const [name, { logGroupName }] of sources) {
      const filter = new CfnSubscriptionFilter(this, name, {
        logGroupName,
        filterName: contract.name,
        filterPattern: patternOf(contract),
        destinationArn: functionArn(main, contract),
      });
      // The log service calls the function once before it accepts a filter.
      filter.addResourceDependency(permission);
    }
  }
}

const patternOf = ({ events }: Subscription): string =>
  FilterPattern.any(...events.map((event) => FilterPattern.stringValue('$.message', '=', event)))
    .logPatternString;
