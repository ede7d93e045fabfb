import { logEvent } from '#lib/runtime/logger.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import { count } from '#lib/runtime/metrics.ts';

/**
 * Reports a caller that was denied many times. Call it once for each caller and period, because an alarm goes off at
 * the first report.
 */
export const reportDeniedOften = (caller: LogEvents['caller-denied-often']): void => {
  logEvent('caller-denied-often', caller);
  count('CallerDeniedOften');
};
