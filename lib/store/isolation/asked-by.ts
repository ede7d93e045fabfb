import type { Scope } from '#lib/domain/actor.ts';
import { remainingMs } from '#lib/runtime/deadline.ts';

/**
 * Options of every query: who asks, how long it may take, and a comment by which the database's own log and profile
 * tell whose query it was. The guard refuses a query without them.
 */
export const askedBy = (scope: Scope) => ({ scope, ...markedBy(scope) });

/** The part of them that the driver itself understands. */
export const markedBy = (scope: Scope) => ({
  comment: scope.kind === 'system' ? `${scope.purpose} ${scope.requestId}` : scope.requestId,
  maxTimeMS: remainingMs(scope.deadline),
});
