import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { describeError, logDefect, logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { type EventIds, UnusableEvent } from './unusable-event.ts';

/** The message was not begun. Another invocation gets it. */
export class NoTimeLeft extends Error {}

type Message = Readonly<{ ids: EventIds; receives: number; durationMs: number }>;

/** Logs why a message was not handled: ids, codes and names only. */
export const logFailure = (error: unknown, { ids, receives, durationMs }: Message): void => {
  const { code, place } = findingOf(error);
  const known = error instanceof UnusableEvent ? error.ids : ids;
  logEvent('event-failed', { code, ...(place !== undefined && { place }), ...known, receives, durationMs });
};

const findingOf = (error: unknown): Readonly<{ code: string; place?: string | undefined }> => {
  if (error instanceof UnusableEvent) return error;
  if (error instanceof NoTimeLeft) return { code: 'no-time-left' };
  if (error instanceof Refusal) return { code: error.code };
  if (error instanceof Unavailable) {
    logEvent('database-unavailable', describeError(error));
    return { code: 'database-unavailable' };
  }
  logDefect(error);
  count('DefectMet');
  return { code: 'defect' };
};
