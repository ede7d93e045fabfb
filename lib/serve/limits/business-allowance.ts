import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import {
  type Allowance,
  type Bucket,
  bucketLimit,
  type Grant,
  isLow,
  lent,
  newAllowance,
  overdrawn,
  type RateLimit,
  spend,
  wanted,
  type Wish,
} from '#lib/domain/business/request-allowance.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';

export type RateLimitPorts = Readonly<{
  /** Borrows requests from a bucket of the scope's business. */
  borrow: (wish: Wish, scope: BusinessScope) => Promise<Grant>;
  /** The limit of each business. */
  limit: () => RateLimit;
  /** Milliseconds since the epoch. */
  now: () => number;
}>;

/** What one environment may still serve one business from one of its buckets, and the borrowing that is under way. */
export class BusinessAllowance {
  readonly #ports: RateLimitPorts;
  readonly #bucket: Bucket;
  readonly #limit: RateLimit;
  #allowance: Allowance;
  #asking: Promise<boolean> | undefined;

  constructor(ports: RateLimitPorts, bucket: Bucket) {
    this.#ports = ports;
    this.#bucket = bucket;
    this.#limit = ports.limit();
    this.#allowance = newAllowance(bucketLimit(bucket, this.#limit));
  }

  take(requests: number): boolean {
    const rest = spend(this.#allowance, this.#ports.now(), requests);
    if (rest !== null) this.#allowance = rest;
    return rest !== null;
  }

  isLow(): boolean {
    return isLow(this.#allowance, this.#ports.now());
  }

  /** @throws Refusal `rate-limited` while the bucket's last refusal applies to this many requests */
  refuseOverdrawn(requests: number): void {
    const refusal = overdrawn(this.#allowance, this.#ports.now(), requests);
    if (refusal === null) return;
    const { retryAfterSeconds } = refusal;
    const wait = `${String(retryAfterSeconds)} ${retryAfterSeconds === 1 ? 'second' : 'seconds'}`;
    throw new Refusal('rate-limited', `Too many requests from this business. Try again in ${wait}.`, {
      retryAfterSeconds,
      rateLimit: refusal,
    });
  }

  /** Borrows from the bucket, or waits for the borrowing that is under way. Returns whether the bucket answered. */
  ask(scope: BusinessScope, requests = 1): Promise<boolean> {
    this.#asking ??= this.#borrow(scope, requests).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #borrow(scope: BusinessScope, needed: number): Promise<boolean> {
    const { borrow, now } = this.#ports;
    const askedAt = now();
    try {
      // What one large request needs comes on top of the usual chunk.
      const most = wanted(this.#allowance, askedAt) + needed - 1;
      const grant = await borrow({ wanted: most, needed, limit: this.#limit, bucket: this.#bucket }, scope);
      this.#allowance = lent(this.#allowance, { ...grant, needed }, askedAt);
      return true;
    } catch (error) {
      logEvent('rate-limit-unread', describeError(error));
      return false;
    }
  }

  /** Takes requests, borrowing until there are enough. If the bucket does not answer, the request is served. */
  async takeWhenAsked(scope: BusinessScope, requests: number): Promise<void> {
    while (await this.ask(scope, requests)) {
      if (this.take(requests)) return;
      this.refuseOverdrawn(requests);
    }
  }
}
