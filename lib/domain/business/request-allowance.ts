/** How many requests a business may send: per second over time, and at once (`burst`). */
export type RateLimit = Readonly<{ perSecond: number; burst: number }>;

/**
 * The buckets of a business. Reads of lists have the bucket `pull`, so that filling an offline copy never competes with the
 * other work of the business, which has the bucket `desk`.
 */
export const BUCKETS = ['desk', 'pull'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** How much larger than the limit of a business its bucket is. */
const SIZE: Readonly<Record<Bucket, number>> = { desk: 1, pull: 10 };

/** The limit of one bucket of a business with this limit. */
export const bucketLimit = (bucket: Bucket, { perSecond, burst }: RateLimit): RateLimit => ({
  perSecond: perSecond * SIZE[bucket],
  burst: burst * SIZE[bucket],
});

/**
 * What an environment asks a bucket for: `wanted` requests if there are that many, and `needed` or none. `limit` is the limit
 * of the business; the bucket is `desk` if absent.
 */
export type Wish = Readonly<{ wanted: number; needed: number; limit: RateLimit; bucket?: Bucket }>;

/**
 * A bucket's answer to an environment: how many requests it may serve, and how many are left in the bucket. Less than
 * none are left after a request that counts as more than the burst.
 */
export type Grant = Readonly<{ granted: number; left: number }>;

/** When a refused business may try again, and when its full burst is back if it sends nothing. Whole seconds. */
export type Overdrawn = Readonly<{ limit: number; retryAfterSeconds: number; resetSeconds: number }>;

/**
 * How long granted requests stay valid. In any time t, a business is served at most burst + rate x (t + this). If one of
 * its requests counts as more than the burst, that number takes the place of the burst.
 */
export const LEASE_MS = 30_000;

/**
 * The first number an environment asks for. It is small because most environments serve a business only a few times.
 */
export const FIRST_CHUNK = 10;

/** One environment gets this share of what is left, or of the burst if that is more, so that others get some too. */
const SHARE_LEFT = 1 / 8;
const SHARE_BURST = 1 / 100;

/** An environment asks for more when this share of its last grant is left. */
const LOW_SHARE = 1 / 4;

/** The shortest pause after a refusal. Clients wait whole seconds, and the bucket is not asked meanwhile. */
const PAUSE_MS = 1_000;

/**
 * The most that one environment gets at a time: `shareOfLeft` of what is left, or `atLeast` if that is more. A request
 * that counts as more gets all that it needs, when `needed` are left. A full bucket lends to every request, so that one
 * that counts as more than the burst is served too; the bucket then owes the rest.
 */
export const lendingRule = ({ limit: { burst }, needed }: Pick<Wish, 'limit' | 'needed'>) => ({
  atLeast: Math.max(needed, Math.floor(burst * SHARE_BURST)),
  shareOfLeft: SHARE_LEFT,
  needed: Math.min(needed, burst) - ROUNDING,
});

/** Far less than one request: a bucket that was refilled for exactly the time that was told may lack this much. */
const ROUNDING = 1e-6;

type Lease = Readonly<{ left: number; expiresAt: number }>;

/**
 * What one environment may still serve a business. It borrows requests in chunks from the bucket in the database.
 * Chunks expire, and unused requests are lost. So all environments together never serve more than the bucket held, in
 * whatever order they run and even if one stops. Times are milliseconds of the environment's own clock.
 */
export type Allowance = Readonly<{
  limit: RateLimit;
  /** Oldest first. */
  leases: readonly Lease[];
  /** The last chunk that was granted. */
  latest: Readonly<{ granted: number; at: number }>;
  /** What was left in the bucket when it last refused. */
  refused: Readonly<{ left: number; at: number }>;
}>;

/** The allowance of a business that this environment has not served yet. */
export const newAllowance = (limit: RateLimit): Allowance => ({
  limit,
  leases: [],
  latest: { granted: 0, at: 0 },
  refused: { left: Infinity, at: 0 },
});

/** The allowance after a request that counts as `requests`, taken from the oldest leases; null when too few are left. */
export const spend = (allowance: Allowance, now: number, requests = 1): Allowance | null => {
  const leases = usable(allowance, now);
  if (leftIn(leases) < requests) return null;
  let open = requests;
  const rest = leases.map((lease) => {
    const taken = Math.min(open, lease.left);
    open -= taken;
    return { ...lease, left: lease.left - taken };
  });
  return { ...allowance, leases: rest };
};

const leftIn = (leases: readonly Lease[]): number => leases.reduce((sum, { left }) => sum + left, 0);

const usable = ({ leases }: Allowance, now: number): Lease[] =>
  leases.filter(({ left, expiresAt }) => left > 0 && expiresAt > now);

/** Whether to ask for more now, before a request has to wait. */
export const isLow = (allowance: Allowance, now: number): boolean => {
  return (
    leftIn(usable(allowance, now)) <= allowance.latest.granted * LOW_SHARE &&
    overdrawn(allowance, now) === null
  );
};

/** The bucket's last refusal while it still applies to a request that counts as `requests`; otherwise null. */
export const overdrawn = ({ limit, refused }: Allowance, now: number, requests = 1): Overdrawn | null => {
  const { perSecond, burst } = limit;
  const needed = Math.min(requests, burst);
  if (refused.left >= needed) return null;
  const whenThereAre = (wanted: number): number => refused.at + ((wanted - refused.left) / perSecond) * 1_000;
  const until = Math.max(refused.at + PAUSE_MS, whenThereAre(needed));
  if (until <= now) return null;
  const secondsUntil = (time: number): number => Math.ceil((time - now) / 1_000);
  return {
    limit: burst,
    retryAfterSeconds: secondsUntil(until),
    resetSeconds: secondsUntil(whenThereAre(burst)),
  };
};

/** How much to ask for: twice the last chunk if it was used up fast, half of it if it expired. */
export const wanted = ({ latest }: Allowance, now: number): number => {
  const age = now - latest.at;
  const factor = age < LEASE_MS / 2 ? 2 : age < LEASE_MS ? 1 : 1 / 2;
  return Math.max(FIRST_CHUNK, Math.ceil(latest.granted * factor));
};

/** The allowance after the bucket's answer to a wish. `askedAt` is when the bucket was asked. */
export const lent = (
  allowance: Allowance,
  { granted, left, needed = 1 }: Grant & Partial<Pick<Wish, 'needed'>>,
  askedAt: number,
): Allowance => {
  if (granted === 0) return { ...allowance, refused: { left, at: askedAt } };
  const lease = { left: granted, expiresAt: askedAt + LEASE_MS };
  return {
    ...allowance,
    leases: [...usable(allowance, askedAt), lease],
    // What one large request needed says nothing about how much the next ones need.
    latest: { granted: granted - (needed - 1), at: askedAt },
  };
};
