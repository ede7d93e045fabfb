import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Schedule } from '#lib/contract/route.ts';
import { DeadLetters, RETRIES } from './dead-letters.ts';

const OLDEST_EVENT = Duration.hours(1);

/**
 * A schedule that starts a function. The scheduler only hands its event over: what it cannot deliver and what the
 * function then fails on go to the same dead-letter queue, the schedule's own.
 */
export class ScheduledUseCase extends Construct {
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    { contract, lambda }: { contract: Schedule; lambda: LambdaFunction },
  ) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      lambda,
      oldestEvent: OLDEST_EVENT,
      reason: 'It is the dead-letter queue of its schedule.',
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Starts ${contract.name} and nothing else`,
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    new CfnSchedule(this, 'Schedule', {
      name: `${Stack.of(this).stackName}-${contract.name}`,
      description: contract.summary,
      scheduleExpression: contract.every,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambda.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: {
          maximumRetryAttempts: RETRIES,
          maximumEventAgeInSeconds: OLDEST_EVENT.toSeconds(),
        },
      },
    });
  }
}
