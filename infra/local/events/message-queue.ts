import { createHash, randomUUID } from 'node:crypto';
import type { QueueDefinition } from '../assembly/definitions.ts';

/** A message that lies in a queue. */
export type Message = Readonly<{ id: string; body: string; sentAt: number }>;

/** A message that was received, and how often it was by now. */
export type Received = Message & Readonly<{ receives: number; firstReceivedAt: number; receipt: string }>;

type Lying = { message: Message; receives: number; firstReceivedAt: number; visibleAt: number };

type QueueOptions = Readonly<{
  definition: QueueDefinition;
  /** Where messages go that were received too often. */
  deadLetters: MessageQueue | undefined;
  /** How long a message that was given back stays hidden. */
  hiddenMs: number;
}>;

/**
 * A standard queue of SQS. A received message is hidden until it is deleted or given back, then for a while longer, as with a
 * visibility time-out that is longer than any batch takes.
 */
export class MessageQueue {
  readonly definition: QueueDefinition;
  readonly #deadLetters: MessageQueue | undefined;
  readonly #hiddenMs: number;
  readonly #waiting = new Set<Lying>();
  readonly #inFlight = new Map<string, Lying>();
  /** Called when a message becomes visible. */
  onVisible: () => void = () => undefined;

  constructor({ definition, deadLetters, hiddenMs }: QueueOptions) {
    this.definition = definition;
    this.#deadLetters = deadLetters;
    this.#hiddenMs = hiddenMs;
  }

  send(body: string): void {
    this.#put({ id: randomUUID(), body, sentAt: Date.now() });
  }

  /** Takes up to `most` visible messages, oldest first. */
  receive(most: number): Received[] {
    const now = Date.now();
    const visible = [...this.#waiting].filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    return visible.map((lying) => {
      this.#waiting.delete(lying);
      if (lying.receives === 0) lying.firstReceivedAt = now;
      lying.receives += 1;
      const receipt = randomUUID();
      this.#inFlight.set(receipt, lying);
      return { ...lying.message, receives: lying.receives, firstReceivedAt: lying.firstReceivedAt, receipt };
    });
  }

  delete({ receipt }: Received): void {
    this.#inFlight.delete(receipt);
  }

  /** Gives a message back: to this queue, or to the dead-letter queue after its last receive. */
  giveBack({ receipt }: Received): void {
    const lying = this.#inFlight.get(receipt);
    if (lying === undefined) return;
    this.#inFlight.delete(receipt);
    const { redrive } = this.definition;
    if (redrive !== undefined && lying.receives >= redrive.afterReceives && this.#deadLetters !== undefined) {
      this.#deadLetters.#put(lying.message);
      return;
    }
    lying.visibleAt = Date.now() + this.#hiddenMs;
    this.#waiting.add(lying);
    setTimeout(() => {
      this.onVisible();
    }, this.#hiddenMs + 1).unref();
  }

  /** Brings everything back from the dead-letter queue, as if it had just been sent. */
  redrive(): number {
    const dead = this.#deadLetters;
    if (dead === undefined) return 0;
    const messages = [...dead.#waiting].map(({ message }) => message);
    dead.#waiting.clear();
    for (const message of messages) this.#put(message);
    return messages.length;
  }

  counts(): Readonly<{ waiting: number; inFlight: number; dead: number }> {
    return {
      waiting: this.#waiting.size,
      inFlight: this.#inFlight.size,
      dead: this.#deadLetters?.counts().waiting ?? 0,
    };
  }

  #put(message: Message): void {
    this.#waiting.add({ message, receives: 0, firstReceivedAt: 0, visibleAt: 0 });
    this.onVisible();
  }
}

/** A message as Lambda hands it to a function. */
export const toRecord = (
  { id, body, sentAt, receives, firstReceivedAt, receipt }: Received,
  { arn }: QueueDefinition,
): object => ({
  messageId: id,
  receiptHandle: receipt,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAt),
    SenderId: 'events.amazonaws.com',
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
  },
  messageAttributes: {},
  md5OfBody: createHash('md5').update(body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  awsRegion: arn.split(':')[3],
});
