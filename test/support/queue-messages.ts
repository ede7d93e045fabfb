import { randomBytes, randomUUID } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { hearFailure, learnRequest } from './leak-watch.ts';
import { aContext } from './service.ts';
import { expectCaller } from './wire/probe.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An event as another service sends it: a CloudEvent. */
export const aCloudEvent = (overrides: Fields = {}): Fields => ({
  specversion: '1.0',
  id: randomBytes(12).toString('hex'),
  source: 'beeoclock.order',
  type: 'beeoclock.order.changed.v1',
  time: '2026-11-28T10:00:00.000Z',
  subject: 'an-order',
  businessid: randomBytes(12).toString('hex'),
  data: {},
  ...overrides,
});

/** The body of a message, as the rule of the bus makes it of an event. */
export const bodyOf = (detail: unknown, overrides: Fields = {}): string => {
  const { source, type } = (typeof detail === 'object' && detail !== null ? detail : {}) as Fields;
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': type ?? 'none',
    source: source ?? 'none',
    account: '000000000000',
    time: '2026-11-28T10:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail,
    ...overrides,
  });
};

/** A message as the queue delivers it. */
export const aMessage = (body: string, receives = 1): SQSRecord => ({
  messageId: randomUUID(),
  receiptHandle: 'a-receipt',
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '1764324000000',
    SenderId: 'events',
    ApproximateFirstReceiveTimestamp: '1764324000000',
  },
  messageAttributes: {},
  md5OfBody: 'a-digest',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:a-queue',
  awsRegion: 'eu-central-1',
});

type Handler = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Tells the watches what a message holds, and whose queries may follow it. */
export const expectEvent = ({ messageId, body }: SQSRecord): void => {
  try {
    const { detail } = JSON.parse(body);
    learnRequest(JSON.stringify(detail?.data ?? {}), []);
    if (typeof detail?.businessid === 'string') expectCaller(messageId, detail.businessid.toLowerCase());
  } catch {
    // No event: no query may follow.
  }
};

/** Delivers a batch to the handler of a queue, as Lambda does, and returns the messages that it gave back. */
export const deliver = async (
  handler: unknown,
  messages: readonly SQSRecord[],
  remainingMs = 60_000,
): Promise<string[]> => {
  messages.forEach(expectEvent);
  const batch = { Records: [...messages] };
  const answer = await (handler as Handler)(batch, aContext(remainingMs)).catch(hearFailure);
  return answer.batchItemFailures.map(({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier);
};
