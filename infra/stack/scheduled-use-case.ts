import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Schedule } from '#lib/contract/task.ts';
import { DeadLetters, RETRIES } from './dead-letters.ts';
import { listenToLogs } from './log-filters.ts';
import { functionArn, functionName } from './names.ts';

const OLDEST_EVENT = Duration.hours(1);

type ScheduledUseCaseProps = Readonly<{
  contract: Schedule;
  /** The stack of the functions. */
  main: Stack;
  /** The names of the logs of what may hasten it, by their use case. */
  writers: ReadonlyMap<string, string>;
}>;

/**
 * A schedule that starts a function of the main stack. The scheduler only delivers its event: what it cannot deliver and
 * what the function then fails on go to the same dead-letter queue, the schedule's own. A log line of another function may start
 * it sooner.
 */
export class ScheduledUseCase extends Construct {
  constructor(scope: Construct, id: string, { contract, main, writers }: ScheduledUseCaseProps) {
    super(scope, id);
    const deadLetters = new DeadLetters(this, 'DeadLetters', {
      contract,
      main,
      oldestEvent: OLDEST_EVENT,
      reason: 'It is the dead-letter queue of its schedule.',
    });
    const lambdaArn = functionArn(main, contract);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Starts ${contract.name} and nothing else`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambdaArn] }));
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    );
    new CfnSchedule(this, 'Schedule', {
      name: functionName(main, contract),
      description: contract.summary,
      scheduleExpression: contract.every,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambdaArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: {
          maximumRetryAttempts: RETRIES,
          maximumEventAgeInSeconds: OLDEST_EVENT.toSeconds(),
        },
      },
    });
    const { hastenedBy } = contract;
    if (hastenedBy === undefined) return;
    // A function that could hasten itself would never rest.
    const sources = new Map([...writers].filter(([name]) => name !== contract.name));
    listenToLogs(this, { contract, main, sources, events: [hastenedBy] });
  }
}
