import type { RateLimit } from '#lib/domain/rate-limit.ts';

/**
 * What a business may ask of the service unless the stage says otherwise: some receptionists at work, and a panel that
 * comes back with 1,000 changes made offline.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { perSecond: 50, burst: 1_200 };
