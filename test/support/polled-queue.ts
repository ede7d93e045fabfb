import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FunctionDefinition, QueueDefinition } from '#infra/local/assembly/definitions.ts';
import { EventSystem, type ShownQueue } from '#infra/local/events/event-system.ts';
import type { Outcome } from '#infra/local/lambda/environment.ts';
import { expectEvent } from './queue-messages.ts';

type Handle = (batch: SQSEvent) => Promise<SQSBatchResponse>;
type Fields = Readonly<Record<string, unknown>>;

const RECEIVES = 5;
const LOOK_EVERY_MS = 10;

const queue = (name: string, more: Partial<QueueDefinition> = {}): QueueDefinition => ({
  ...{ name, arn: `arn:aws:sqs:eu-central-1:000000000000:${name}`, path: name },
  takesFrom: () => true,
  ...more,
});

/**
 * The bus, the rule, the queue and the mapping of the stack in front of a handler: ten messages in a batch, partial failures, five
 * receives, then the dead-letter queue. One batch at a time, as one environment handles them.
 * @param handle an error of it fails the whole batch, as on Lambda
 */
export const polledQueue = (handle: Handle, { hiddenMs = 20 } = {}) => {
  const deadLetters = queue('dead-letters');
  const events = queue('events', { redrive: { afterReceives: RECEIVES, deadLettersArn: deadLetters.arn } });
  const batches: number[] = [];
  const invoke = async (_target: FunctionDefinition, payload: string): Promise<Outcome> => {
    const batch: SQSEvent = JSON.parse(payload);
    batch.Records.forEach(expectEvent);
    batches.push(batch.Records.length);
    try {
      return { kind: 'answered', payload: JSON.stringify(await handle(batch)) };
    } catch (error) {
      return { kind: 'failed', error: { errorType: 'Error', errorMessage: String(error), trace: [] } };
    }
  };
  const system = new EventSystem({
    definition: {
      buses: [{ name: 'bus', arn: 'arn:bus' }],
      rules: [
        {
          ...{ name: 'rule', arn: 'arn:rule', busName: 'bus' },
          matches: () => true,
          targets: [{ queueArn: events.arn }],
        },
      ],
      queues: [deadLetters, events],
      mappings: [
        {
          queueArn: events.arn,
          target: { name: 'handler', path: '/App/handler' } as FunctionDefinition,
          ...{ batchSize: 10, mostAtOnce: 1, isPartial: true },
        },
      ],
    },
    invoke,
    hiddenMs,
  });
  const counts = (): ShownQueue => system.queues()[0]!;
  return {
    /** How many messages each batch had. */
    batches,
    counts,
    put: (sent: readonly Fields[]): void => {
      for (const detail of sent)
        system.put(
          { busName: 'bus', source: String(detail['source']), detailType: String(detail['type']), detail },
          'in',
        );
    },
    /** Waits until no message waits or is at work. */
    quiet: async (): Promise<ShownQueue> => {
      do await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      while (counts().waiting + counts().inFlight > 0);
      return counts();
    },
    redrive: (): number => system.redrive('handler'),
  };
};
