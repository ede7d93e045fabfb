import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscriptionFilter, FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { functionArn, functionName, logGroupsArn } from './names.ts';

type Listening = Readonly<{
  contract: Contract;
  /** The stack of the functions. */
  main: Stack;
  /** The names of the logs to listen to, by their use case. A log takes two filters. */
  sources: ReadonlyMap<string, string>;
  /** The names of log events. */
  events: readonly string[];
}>;

/** Sends a function the lines of other functions' logs that hold certain events. */
export const listenToLogs = (scope: Construct, { contract, main, sources, events }: Listening): void => {
  // One for all logs of the main stack: the policy of a function holds 20 KB, about fifty permissions.
  const permission = new CfnPermission(scope, 'Permission', {
    action: 'lambda:InvokeFunction',
    functionName: functionName(main, contract),
    principal: 'logs.amazonaws.com',
    sourceArn: logGroupsArn(main),
    sourceAccount: Stack.of(scope).account,
  });
  for (const [name, logGroupName] of sources) {
    const filter = new CfnSubscriptionFilter(scope, name, {
      logGroupName,
      filterName: contract.name,
      filterPattern: patternOf(events),
      destinationArn: functionArn(main, contract),
    });
    // The log service calls the function once before it accepts a filter.
    filter.addResourceDependency(permission);
  }
};

const patternOf = (events: readonly string[]): string =>
  FilterPattern.any(...events.map((event) => FilterPattern.stringValue('$.message', '=', event)))
    .logPatternString;
