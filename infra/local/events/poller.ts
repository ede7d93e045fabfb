import type { FunctionDefinition, MappingDefinition } from '../assembly/definitions.ts';
import { isObject, listAt, parseJson, textAt } from '../json.ts';
import type { Outcome } from '../lambda/environment.ts';
import { type MessageQueue, type Received, toRecord } from './message-queue.ts';

export type Invoke = (target: FunctionDefinition, payload: string) => Promise<Outcome>;

/** An event source mapping: hands the messages of a queue to a function, in batches. */
export class Poller {
  readonly #mapping: MappingDefinition;
  readonly #queue: MessageQueue;
  readonly #invoke: Invoke;
  #running = 0;
  #isStopped = false;

  constructor(mapping: MappingDefinition, queue: MessageQueue, invoke: Invoke) {
    this.#mapping = mapping;
    this.#queue = queue;
    this.#invoke = invoke;
    queue.onVisible = () => {
      // Later, so that messages that are sent together come in one batch.
      setImmediate(() => {
        this.#poll();
      });
    };
  }

  stop(): void {
    this.#isStopped = true;
  }

  #poll(): void {
    while (!this.#isStopped && this.#running < this.#mapping.mostAtOnce) {
      const batch = this.#queue.receive(this.#mapping.batchSize);
      if (batch.length === 0) return;
      this.#running += 1;
      void this.#handle(batch).finally(() => {
        this.#running -= 1;
        this.#poll();
      });
    }
  }

  async #handle(batch: readonly Received[]): Promise<void> {
    const { target, isPartial } = this.#mapping;
    const payload = JSON.stringify({
      Records: batch.map((message) => toRecord(message, this.#queue.definition)),
    });
    const failed = failedOf(await this.#invoke(target, payload), isPartial, batch);
    for (const message of batch) {
      if (failed.has(message.id)) this.#queue.giveBack(message);
      else this.#queue.delete(message);
    }
  }
}

const idsOf = (batch: readonly Received[]): ReadonlySet<string> => new Set(batch.map(({ id }) => id));
const NONE: ReadonlySet<string> = new Set();

/** Which messages failed. An answer that Lambda cannot read, or that names another message, fails the whole batch. */
const failedOf = (outcome: Outcome, isPartial: boolean, batch: readonly Received[]): ReadonlySet<string> => {
  const all = idsOf(batch);
  if (outcome.kind === 'failed') return all;
  if (!isPartial) return NONE;
  const answer = parseJson(outcome.payload);
  if (answer === null) return NONE;
  if (!isObject(answer)) return all;
  const named = listAt(answer, 'batchItemFailures').map((failure) =>
    isObject(failure) ? (textAt(failure, 'itemIdentifier') ?? '') : '',
  );
  return named.every((id) => all.has(id)) ? new Set(named) : all;
};
