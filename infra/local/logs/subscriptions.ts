import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FunctionDefinition, SubscriptionDefinition } from '../assembly/definitions.ts';
import { LOCAL_ACCOUNT } from '../assembly/intrinsic.ts';
import type { Outcome } from '../lambda/environment.ts';

/** How long lines are collected before they are delivered together. */
const GATHERED_MS = 50;
/** Lambda attempts an asynchronous invocation three times. */
const TRIES = 3;
const LONGEST_SETTLING_MS = 2_000;

type Deliver = (target: FunctionDefinition, payload: string) => Promise<Outcome>;
type Waiting = Readonly<{ subscription: SubscriptionDefinition; line: string; at: number }>;

/** Subscription filters: delivers matching log lines of functions to another function, as CloudWatch Logs does. */
export class Subscriptions {
  readonly #subscriptions: readonly SubscriptionDefinition[];
  readonly #deliver: Deliver;
  /** By target: one that takes long delays no other. */
  readonly #waiting = new Map<FunctionDefinition, Waiting[]>();
  readonly #deliveries = new Map<FunctionDefinition, Promise<void>>();
  #delivered = 0;

  constructor(subscriptions: readonly SubscriptionDefinition[], deliver: Deliver) {
    this.#subscriptions = subscriptions;
    this.#deliver = deliver;
  }

  /** Adds a line that a function wrote. */
  take(functionName: string, line: string): void {
    for (const subscription of this.#subscriptions) {
      if (!subscription.sources.includes(functionName) || !subscription.matches(line)) continue;
      const { target } = subscription;
      const waiting = this.#waiting.get(target) ?? [];
      this.#waiting.set(target, [...waiting, { subscription, line, at: Date.now() }]);
      if (waiting.length > 0) continue;
      const before = this.#deliveries.get(target) ?? Promise.resolve();
      this.#deliveries.set(
        target,
        before.then(() => pause(GATHERED_MS)).then(() => this.#deliverAll(target)),
      );
    }
  }

  /** Waits until all lines are delivered, for two seconds at most. */
  async settle(): Promise<void> {
    const patience = new AbortController();
    const giveUp = pause(LONGEST_SETTLING_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#deliveries.values()), giveUp]);
    patience.abort();
  }

  async #deliverAll(target: FunctionDefinition): Promise<void> {
    const waiting = this.#waiting.get(target) ?? [];
    this.#waiting.delete(target);
    for (const [subscription, lines] of Map.groupBy(waiting, (one) => one.subscription)) {
      const payload = this.#pack(subscription, lines);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { kind } = await this.#deliver(target, payload);
        if (kind === 'answered') break;
      }
    }
  }

  #pack({ name, logGroup }: SubscriptionDefinition, lines: readonly Waiting[]): string {
    const delivery = {
      messageType: 'DATA_MESSAGE',
      owner: LOCAL_ACCOUNT.accountId,
      logGroup,
      logStream: 'local',
      subscriptionFilters: [name],
      logEvents: lines.map(({ line: message, at: timestamp }) => {
        this.#delivered += 1;
        return { id: String(this.#delivered).padStart(56, '0'), timestamp, message };
      }),
    };
    return JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } });
  }
}
