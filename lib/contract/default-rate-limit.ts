import type { RateLimit } from '#lib/domain/business/request-allowance.ts';

/**
 * The requests that a business may send unless the stage sets another limit. It is enough for some receptionists at
 * work and for a panel that sends 1,000 changes made offline.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { perSecond: 50, burst: 1_200 };
