import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import {
  type Allowance,
  type Grant,
  isLow,
  lent,
  newAllowance,
  overdrawn,
  type RateLimit,
  spend,
  wanted,
} from '#lib/domain/rate-limit.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';

export type RateLimitPorts = Readonly<{
  /** Asks the bucket of the scope's business. */
  borrow: (wish: { wanted: number; limit: RateLimit }, scope: BusinessScope) => Promise<Grant>;
  limit: () => RateLimit;
  /** Milliseconds since the epoch. */
  now: () => number;
}>;

/** What an environment may serve one business, and the question to its bucket that is under way. */
export class BusinessAccount {
  readonly #ports: RateLimitPorts;
  #allowance: Allowance;
  #asking: Promise<boolean> | undefined;

  constructor(ports: RateLimitPorts) {
    this.#ports = ports;
    this.#allowance = newAllowance(ports.limit());
  }

  take(): boolean {
    const rest = spend(this.#allowance, this.#ports.now());
    if (rest !== null) this.#allowance = rest;
    return rest !== null;
  }

  isLow(): boolean {
    return isLow(this.#allowance, this.#ports.now());
  }

  /** @throws Refusal `rate-limited` while the bucket's last word was no */
  refuseOverdrawn(): void {
    const no = overdrawn(this.#allowance, this.#ports.now());
    if (no === null) return;
    throw new Refusal(
      'rate-limited',
      `Your business has asked for too much at once. Try again in ${String(no.retryAfterSeconds)} s.`,
      { retryAfterSeconds: no.retryAfterSeconds, rateLimit: no },
    );
  }

  /** Asks the bucket for more, or waits with whoever is asking already; answers whether it could be read. */
  ask(scope: BusinessScope): Promise<boolean> {
    this.#asking ??= this.#borrow(scope).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #borrow(scope: BusinessScope): Promise<boolean> {
    const { borrow, now } = this.#ports;
    const askedAt = now();
    const { limit } = this.#allowance;
    try {
      const grant = await borrow({ wanted: wanted(this.#allowance, askedAt), limit }, scope);
      this.#allowance = lent(this.#allowance, grant, askedAt);
      return true;
    } catch (error) {
      logEvent('rate-limit-unread', describeError(error));
      return false;
    }
  }

  /** Asks until there is something to take; what cannot be read refuses nobody. */
  async takeWhenAsked(scope: BusinessScope): Promise<void> {
    while (await this.ask(scope)) {
      if (this.take()) return;
      this.refuseOverdrawn();
    }
  }
}
