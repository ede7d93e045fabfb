import { Duration, type Stack, Validations } from 'aws-cdk-lib';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { deadLettersName, functionName } from './names.ts';

export const RETRIES = 2;
const LETTERS_KEPT = Duration.days(14);

type DeadLettersProps = Readonly<{
  contract: Contract;
  /** The stack of the functions. */
  main: Stack;
  /** How long Lambda keeps an event that the function fails on. */
  oldestEvent: Duration;
  /** Why the queue has no dead-letter queue of its own. */
  reason: string;
}>;

/** Whether a contract's function is started by events, for whose answer no caller waits. */
export const isStartedByEvents = ({ kind }: Contract): boolean =>
  kind === 'schedule' || kind === 'subscription';

/**
 * The queue for events that a function failed on three times. Lambda sends them there with the function's own role, which
 * is granted this queue by name in the main stack.
 */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { contract, main, oldestEvent, reason }: DeadLettersProps) {
    super(scope, id, {
      queueName: deadLettersName(main, contract),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LETTERS_KEPT,
    });
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
    new CfnEventInvokeConfig(this, 'EventInvokeConfig', {
      functionName: functionName(main, contract),
      qualifier: '$LATEST',
      destinationConfig: { onFailure: { destination: this.queueArn } },
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: oldestEvent.toSeconds(),
    });
  }
}
