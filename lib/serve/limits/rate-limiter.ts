import { DEFAULT_RATE_LIMIT } from '#lib/contract/default-rate-limit.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Bucket, RateLimit } from '#lib/domain/business/request-allowance.ts';
import { numericSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { borrowRequests } from '#lib/store/business/request-bucket.ts';
import { BusinessAllowance, type RateLimitPorts } from './business-allowance.ts';

/** Resolves when the request may write. Throws Refusal `rate-limited`. */
export type Admission = () => Promise<void>;

/**
 * The caller, as how many requests its call counts, and in which bucket (`desk` if absent). A call that counts as none is part
 * of a call that was admitted.
 */
type Asking = Readonly<{ scope: BusinessScope; requests: number; bucket?: Bucket | undefined }>;

const KNOWN_ACCOUNTS = 1_000;
/** How long a request that is otherwise finished waits for the bucket. */
const PATIENCE_MS = 1_000;

/**
 * Makes the rate limiter of an environment. It does the work of a request if its business may send more requests.
 * Requests that were borrowed before need no round trip. Otherwise borrowing runs at the same time as the work, which
 * waits for it only before it writes. It always ends before the answer, because the environment freezes afterwards.
 */
export const rateLimiter = (ports: RateLimitPorts) => {
  const accountOf = accounts(ports);
  return async <T>(
    { scope, requests, bucket }: Asking,
    work: (admitted: Admission) => Promise<T>,
  ): Promise<T> => {
    if (requests === 0) return await work(atOnce);
    const account = accountOf(scope.businessId, bucket);
    const isTaken = account.take(requests);
    if (isTaken && !account.isLow()) return await work(atOnce);
    if (!isTaken) account.refuseOverdrawn(requests);
    const asked = isTaken ? account.ask(scope) : account.takeWhenAsked(scope, requests);
    // Prevents an unhandled rejection: a refusal is thrown later, when the work waits for it or has ended.
    asked.catch(() => undefined);
    const answered = once(() => unlessLate(asked, scope.deadline));
    const [done] = await Promise.allSettled([work(isTaken ? atOnce : answered)]);
    await answered();
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  };
};

const atOnce: Admission = () => Promise.resolve();

/** One account for each bucket of the businesses that this environment serves. All are dropped when there are too many. */
const accounts = (ports: RateLimitPorts) => {
  const known = new Map<string, BusinessAllowance>();
  return (businessId: string, bucket: Bucket = 'desk'): BusinessAllowance => {
    const key = `${bucket} ${businessId}`;
    const account = known.get(key);
    if (account !== undefined) return account;
    if (known.size >= KNOWN_ACCOUNTS) known.clear();
    const opened = new BusinessAllowance(ports, bucket);
    known.set(key, opened);
    return opened;
  };
};

const once = (start: () => Promise<void>): (() => Promise<void>) => {
  let started: Promise<void> | undefined;
  return () => (started ??= start());
};

/** Waits for the bucket, but not so long that a slow bucket would make the request fail. */
const unlessLate = async (asked: Promise<unknown>, deadline: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(
      () => {
        logEvent('rate-limit-unread', { error: 'TookTooLong' });
        resolve();
      },
      Math.max(0, Math.min(PATIENCE_MS, deadline - Date.now())),
    );
  });
  try {
    await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The limit that the stage sets for each business, or the default. */
const stageLimit = (): RateLimit => ({
  perSecond: numericSetting('RATE_LIMIT_PER_SECOND') ?? DEFAULT_RATE_LIMIT.perSecond,
  burst: numericSetting('RATE_LIMIT_BURST') ?? DEFAULT_RATE_LIMIT.burst,
});

/** Does the work of a request if its business may send more requests. Throws Refusal `rate-limited`. */
export const withinRateLimit = rateLimiter({ borrow: borrowRequests, limit: stageLimit, now: Date.now });
