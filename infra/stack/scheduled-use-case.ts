import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Schedule } from '#lib/contract/task.ts';
import { DeadLetters, RETRIES } from './dead-letters.ts';
import { functionArn, functionName } from './names.ts';

const OLDEST_EVENT = Duration.hours(1);

/**
 * A schedule that starts a function of the main stack. The scheduler only delivers its event: what it cannot deliver and
 * what the function then fails on go to the same dead-letter queue, the schedule's own.
 */
export class ScheduledUseCase extends Construct {
  constructor(scope: Construct, id: string, { contract, main }: { contract: Schedule; main: Stack }) {
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
  }
}
