import { Duration, Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export const RETRIES = 2;
const LETTERS_KEPT = Duration.days(14);

/** Where the events go that a function could not handle, not at the first time and not at the third. */
export class DeadLetters extends Queue {
  constructor(
    scope: Construct,
    id: string,
    { lambda, oldestEvent, reason }: { lambda: LambdaFunction; oldestEvent: Duration; reason: string },
  ) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LETTERS_KEPT,
    });
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
    lambda.configureAsyncInvoke({
      onFailure: new SqsDestination(this),
      retryAttempts: RETRIES,
      maxEventAge: oldestEvent,
    });
  }
}
