import { DEFAULT_RATE_LIMIT } from '#lib/contract/rate-limit.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { RateLimit } from '#lib/domain/rate-limit.ts';
import { numericSetting } from '#lib/runtime/config.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { borrowRequests } from '#lib/store/rate-limit.ts';
import { BusinessAccount, type RateLimitPorts } from './business-account.ts';

/** Ends once the request may change something. Throws Refusal `rate-limited`. */
export type Admission = () => Promise<void>;

const KNOWN_BUSINESSES = 1_000;
/** How long a request that is otherwise ready waits for the bucket. */
const PATIENCE_MS = 1_000;

/**
 * Makes the limiter of an environment: it does a request's work if the request's business may ask for more. What was
 * lent before costs no round trip. A question to the bucket runs beside the work, which has to wait for the answer only
 * before it writes; and no question is left open when the request is answered and the environment freezes.
 */
export const rateLimiter = (ports: RateLimitPorts) => {
  const accountOf = accounts(ports);
  return async <T>(scope: BusinessScope, work: (admitted: Admission) => Promise<T>): Promise<T> => {
    const account = accountOf(scope.businessId);
    const isTaken = account.take();
    if (isTaken && !account.isLow()) return await work(atOnce);
    if (!isTaken) account.refuseOverdrawn();
    const asked = isTaken ? account.ask(scope) : account.takeWhenAsked(scope);
    // A refusal that comes while the work goes on is heard when the work waits for it, at the latest at its end.
    asked.catch(() => undefined);
    const answered = once(() => unlessLate(asked, scope.deadline));
    const [done] = await Promise.allSettled([work(isTaken ? atOnce : answered)]);
    await answered();
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  };
};

const atOnce: Admission = () => Promise.resolve();

/** The accounts of the businesses that this environment serves. */
const accounts = (ports: RateLimitPorts) => {
  const known = new Map<string, BusinessAccount>();
  return (businessId: string): BusinessAccount => {
    const account = known.get(businessId);
    if (account !== undefined) return account;
    if (known.size >= KNOWN_BUSINESSES) known.clear();
    const opened = new BusinessAccount(ports);
    known.set(businessId, opened);
    return opened;
  };
};

const once = (start: () => Promise<void>): (() => Promise<void>) => {
  let started: Promise<void> | undefined;
  return () => (started ??= start());
};

/** Waits for the bucket's answer, but not so long that a slow one would fail the request. */
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

/** What the stage grants each business; without a word from it the usual. */
const stageLimit = (): RateLimit => ({
  perSecond: numericSetting('RATE_LIMIT_PER_SECOND') ?? DEFAULT_RATE_LIMIT.perSecond,
  burst: numericSetting('RATE_LIMIT_BURST') ?? DEFAULT_RATE_LIMIT.burst,
});

/** Does a request's work if its business may ask for more. Throws Refusal `rate-limited`. */
export const withinRateLimit = rateLimiter({ borrow: borrowRequests, limit: stageLimit, now: Date.now });
