/** What a business may ask of the service: so many requests a second in the long run, and so many at once. */
export type RateLimit = Readonly<{ perSecond: number; burst: number }>;

/** A bucket's answer to who wanted to serve requests: how many it may serve, and what is left for others. */
export type Grant = Readonly<{ granted: number; left: number }>;

/** When a refused business may come again, and when its whole burst is back if it does not. Whole seconds. */
export type Overdrawn = Readonly<{ limit: number; retryAfterSeconds: number; resetSeconds: number }>;

/** How long a lent request may wait to be served. In any time t a business is served burst + rate x (t + this). */
export const LEASE_MS = 30_000;

/** What an environment wants at first: little, as most serve a business a few times and are not asked again. */
export const FIRST_CHUNK = 10;

/** One environment is lent this share of what is there, or of the burst when little is, so that others find some. */
const SHARE_LEFT = 1 / 8;
const SHARE_BURST = 1 / 100;

/** An environment asks for more while this share of what it was lent is left. */
const LOW_SHARE = 1 / 4;

/** The shortest pause of the refused: clients pause whole seconds, and nobody asks the bucket meanwhile. */
const PAUSE_MS = 1_000;

/** What a bucket lends at least when that much is there, and the share of what is there when that is more. */
export const lendingRule = ({ burst }: RateLimit) => ({
  atLeast: Math.max(1, Math.floor(burst * SHARE_BURST)),
  shareOfLeft: SHARE_LEFT,
});

type Lease = Readonly<{ left: number; expiresAt: number }>;

/**
 * What one environment may still serve a business. The bucket in the database lends it requests in chunks; they expire,
 * and what is not served is lost. So no interleaving and no death of environments can serve more than was in the bucket.
 * Times are milliseconds of the environment's own clock.
 */
export type Allowance = Readonly<{
  limit: RateLimit;
  /** The oldest first. */
  leases: readonly Lease[];
  /** The last chunk that was lent. */
  latest: Readonly<{ granted: number; at: number }>;
  /** What the bucket's last refusal means: not before, and when all of the burst is back. */
  refused: Readonly<{ until: number; fullAt: number }>;
}>;

/** What an environment knows of a business that it has not served yet. */
export const newAllowance = (limit: RateLimit): Allowance => ({
  limit,
  leases: [],
  latest: { granted: 0, at: 0 },
  refused: { until: 0, fullAt: 0 },
});

/** One request less, the oldest lease first; null when nothing is left of what was lent. */
export const spend = (allowance: Allowance, now: number): Allowance | null => {
  const [lease, ...later] = usable(allowance, now);
  if (lease === undefined) return null;
  return { ...allowance, leases: [{ ...lease, left: lease.left - 1 }, ...later] };
};

const usable = ({ leases }: Allowance, now: number): Lease[] =>
  leases.filter(({ left, expiresAt }) => left > 0 && expiresAt > now);

/** Whether it is time to ask for more, before a request has to wait for it. */
export const isLow = (allowance: Allowance, now: number): boolean => {
  const left = usable(allowance, now).reduce((sum, lease) => sum + lease.left, 0);
  return left <= allowance.latest.granted * LOW_SHARE && overdrawn(allowance, now) === null;
};

/** What the bucket's last refusal still means; null when there was none or its time is over. */
export const overdrawn = ({ limit, refused }: Allowance, now: number): Overdrawn | null => {
  if (refused.until <= now) return null;
  const secondsUntil = (time: number): number => Math.ceil((time - now) / 1_000);
  return {
    limit: limit.burst,
    retryAfterSeconds: secondsUntil(refused.until),
    resetSeconds: secondsUntil(refused.fullAt),
  };
};

/** How much to ask for: twice the last chunk if that went fast, half of it if it outlived its time. */
export const wanted = ({ latest }: Allowance, now: number): number => {
  const age = now - latest.at;
  const factor = age < LEASE_MS / 2 ? 2 : age < LEASE_MS ? 1 : 1 / 2;
  return Math.max(FIRST_CHUNK, Math.ceil(latest.granted * factor));
};

/** Notes the bucket's answer to what was asked at a time. */
export const lent = (allowance: Allowance, { granted, left }: Grant, askedAt: number): Allowance => {
  if (granted > 0) {
    const lease = { left: granted, expiresAt: askedAt + LEASE_MS };
    return {
      ...allowance,
      leases: [...usable(allowance, askedAt), lease],
      latest: { granted, at: askedAt },
    };
  }
  const { perSecond, burst } = allowance.limit;
  const whenThereAre = (requests: number): number => askedAt + ((requests - left) / perSecond) * 1_000;
  return {
    ...allowance,
    refused: { until: Math.max(askedAt + PAUSE_MS, whenThereAre(1)), fullAt: whenThereAre(burst) },
  };
};
