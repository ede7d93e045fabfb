import { Duration, type Stack, Validations } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OWN_SOURCE, type Queue as QueueContract } from '#lib/contract/queue.ts';
import { deadLettersName, eventsName, functionName, undeliveredName } from './names.ts';

/** A message that fails so often goes to the dead-letter queue. */
const RECEIVES = 5;
const BATCH = 10;
/** Each environment has two connections to the database. */
const MOST_AT_ONCE = 5;
/** AWS advises six times the time-out of the function: a batch that waits for an environment is not received twice. */
const TIMEOUTS_HIDDEN = 6;
const LAST = 'It is a dead-letter queue: its messages wait for an operator.';
const EVENTS_KEPT = Duration.days(14);

type QueuedUseCaseProps = Readonly<{ contract: QueueContract; main: Stack; busName: string }>;

/**
 * Sends a function the events of a bus: a rule, a queue and the mapping that polls it. What the function fails on five times goes to
 * a dead-letter queue, and what the rule cannot put into the queue to another one.
 */
export class QueuedUseCase extends Construct {
  constructor(scope: Construct, id: string, { contract, main, busName }: QueuedUseCaseProps) {
    super(scope, id);
    const deadLetters = this.#queue('DeadLetters', { queueName: deadLettersName(main, contract) });
    const undelivered = this.#queue('Undelivered', { queueName: undeliveredName(main, contract) });
    Validations.of(undelivered).acknowledge({ id: 'AwsSolutions-SQS3', reason: LAST });
    for (const queue of [deadLetters, undelivered])
      Validations.of(queue).acknowledge({ id: 'Serverless-SQSRedrivePolicy', reason: LAST });
    const events = this.#queue('Events', {
      queueName: eventsName(main, contract),
      visibilityTimeout: Duration.seconds(contract.timeoutSeconds * TIMEOUTS_HIDDEN),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES },
    });
    const rule = new CfnRule(this, 'Rule', {
      name: functionName(main, contract),
      description: contract.summary,
      eventBusName: busName,
      eventPattern: patternOf(contract),
      targets: [{ id: 'events', arn: events.queueArn, deadLetterConfig: { arn: undelivered.queueArn } }],
    });
    for (const queue of [events, undelivered]) queue.addToResourcePolicy(onlyFrom(rule, queue));
    this.#poll(contract, main, events);
  }

  #queue(id: string, props: ConstructorParameters<typeof Queue>[2]): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: EVENTS_KEPT,
      ...props,
    });
  }

  #poll(contract: QueueContract, main: Stack, events: Queue): void {
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A mapping of a queue can have no destination. The queue itself has a dead-letter queue.',
    });
    new CfnEventSourceMapping(this, 'Mapping', {
      functionName: functionName(main, contract),
      eventSourceArn: events.queueArn,
      batchSize: BATCH,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: MOST_AT_ONCE },
    });
  }
}

/** Envelope and event agree on source and type, which the function checks. */
const patternOf = ({ sources, types }: QueueContract): object => ({
  source: sources === 'any-other' ? [{ 'anything-but': [OWN_SOURCE] }] : sources,
  'detail-type': types,
});

const onlyFrom = (rule: CfnRule, queue: Queue): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
  });
