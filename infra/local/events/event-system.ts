import { randomUUID } from 'node:crypto';
import type { EventsDefinition, RuleDefinition } from '../assembly/definitions.ts';
import { LOCAL_ACCOUNT } from '../assembly/intrinsic.ts';
import type { JsonObject } from '../json.ts';
import { MessageQueue } from './message-queue.ts';
import { type Invoke, Poller } from './poller.ts';

/** An event that is put on a bus. */
export type PutEvent = Readonly<{ busName: string; source: string; detailType: string; detail: JsonObject }>;

/** `out`: a function of this assembly put it. `in`: somebody else did. */
export type Direction = 'in' | 'out';

/** An event that passed, as `GET /_local/events` shows it. */
export type PassedEvent = Readonly<{
  direction: Direction;
  at: string;
  bus: string;
  id: string;
  source: string;
  'detail-type': string;
  detail: JsonObject;
  /** The rules that took it. */
  rules: readonly string[];
}>;

/** A queue as `GET /_local/queues` shows it. */
export type ShownQueue = Readonly<{ name: string; waiting: number; inFlight: number; dead: number }>;

export class UnknownQueue extends Error {
  constructor(name: string) {
    super(`There is no queue ${name}. For a list, call GET /_local/queues.`);
  }
}

type EventSystemOptions = Readonly<{
  definition: EventsDefinition;
  invoke: Invoke;
  /** How long a message that failed stays hidden. On AWS it is minutes. */
  hiddenMs?: number;
}>;

const A_SECOND_MS = 1_000;
const MOST_KEPT = 1_000;

/** The buses, rules, queues and mappings of the synthesized stacks. What lies in a queue is gone when the process ends. */
export class EventSystem {
  readonly #definition: EventsDefinition;
  readonly #queues: ReadonlyMap<string, MessageQueue>;
  readonly #pollers: readonly Poller[];
  #passed: PassedEvent[] = [];

  constructor({ definition, invoke, hiddenMs = A_SECOND_MS }: EventSystemOptions) {
    this.#definition = definition;
    this.#queues = queuesOf(definition, hiddenMs);
    this.#pollers = definition.mappings.map(
      (mapping) => new Poller(mapping, this.#queue(mapping.queueArn), invoke),
    );
  }

  get buses(): EventsDefinition['buses'] {
    return this.#definition.buses;
  }

  /** Puts an event on a bus, and returns the id that the bus gives it. */
  put({ busName, source, detailType, detail }: PutEvent, direction: Direction): string {
    const id = randomUUID();
    const at = new Date().toISOString();
    const { accountId: account, region } = LOCAL_ACCOUNT;
    const event = {
      ...{ version: '0', id, 'detail-type': detailType, source, account },
      ...{ time: `${at.slice(0, -'.000Z'.length)}Z`, region, resources: [], detail },
    };
    const rules = this.#definition.rules.filter((rule) => rule.busName === busName && rule.matches(event));
    for (const rule of rules) this.#deliver(rule, JSON.stringify(event));
    const names = rules.map(({ name }) => name);
    const passed = {
      direction,
      at,
      bus: busName,
      id,
      source,
      'detail-type': detailType,
      detail,
      rules: names,
    };
    this.#passed = [passed, ...this.#passed.slice(0, MOST_KEPT - 1)];
    return id;
  }

  /** What passed, newest first. */
  passed(limit: number, direction?: Direction): readonly PassedEvent[] {
    return this.#passed
      .filter((one) => direction === undefined || one.direction === direction)
      .slice(0, limit);
  }

  /** The queues that a rule fills, and its last queues. */
  queues(): ShownQueue[] {
    return this.#filled().map((queue) => ({ name: queue.definition.name, ...queue.counts() }));
  }

  /**
   * Brings back what lies in the dead-letter queue of a queue.
   * @param name of the queue, or of a construct around the function that it feeds
   * @returns how many messages
   * @throws UnknownQueue
   */
  redrive(name: string): number {
    const { mappings } = this.#definition;
    const feeding = mappings.find(({ target }) => target.path.split('/').includes(name))?.queueArn;
    const found = this.#filled().find(
      ({ definition }) => definition.name === name || definition.arn === feeding,
    );
    if (found === undefined) throw new UnknownQueue(name);
    return found.redrive();
  }

  stop(): void {
    for (const poller of this.#pollers) poller.stop();
  }

  #filled(): MessageQueue[] {
    const arns = this.#definition.rules.flatMap(({ targets }) =>
      targets.flatMap(({ queueArn, lastArn }) => [queueArn, ...(lastArn === undefined ? [] : [lastArn])]),
    );
    return [...new Set(arns)].map((arn) => this.#queue(arn));
  }

  #deliver({ arn, targets }: RuleDefinition, body: string): void {
    for (const { queueArn, lastArn } of targets) {
      const open = [queueArn, ...(lastArn === undefined ? [] : [lastArn])]
        .map((one) => this.#queue(one))
        .find(({ definition }) => definition.takesFrom(arn));
      open?.send(body);
    }
  }

  #queue(arn: string): MessageQueue {
    const queue = this.#queues.get(arn);
    if (queue === undefined) throw new Error(`${arn} is not a queue of this assembly.`);
    return queue;
  }
}

/** Dead-letter queues have none of their own, so they come first. */
const queuesOf = ({ queues }: EventsDefinition, hiddenMs: number): Map<string, MessageQueue> => {
  const made = new Map<string, MessageQueue>();
  for (const definition of [...queues].sort(
    (one, other) => Number('redrive' in one) - Number('redrive' in other),
  )) {
    const deadLetters = made.get(definition.redrive?.deadLettersArn ?? '');
    made.set(definition.arn, new MessageQueue({ definition, deadLetters, hiddenMs }));
  }
  return made;
};
