import type { Scope } from '#lib/domain/access/scope.ts';
import { remainingMs } from '#lib/runtime/deadline.ts';

/**
 * Options that every query needs: its scope, a time limit, and a comment that shows in the database's log and profile
 * which request sent it. The guard refuses a query without them.
 */
export const queryOptions = (scope: Scope) => ({ scope, ...driverOptions(scope) });

/** The options that the driver itself understands: the comment and the time limit, in milliseconds. */
export const driverOptions = (scope: Scope) => ({
  comment: scope.kind === 'system' ? `${scope.purpose} ${scope.requestId}` : scope.requestId,
  maxTimeMS: remainingMs(scope.deadline),
});
