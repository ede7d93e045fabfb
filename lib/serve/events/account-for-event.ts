import type { Concerned, Queue } from '#lib/contract/queue.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { recordAccess } from '#lib/runtime/access-log.ts';
import { count } from '#lib/runtime/metrics.ts';
import type { Effect } from '#lib/store/database/unit-of-work.ts';

/** What was done with an event: whom it concerned, and what it changed. */
export type Handled = Readonly<{ concerned: Concerned; effect: Effect }>;

const HANDLED = 200;

/**
 * Writes the access log entry of an event, after its changes are saved.
 * @throws Error when it cannot be written: the event then comes again, and is accounted for without doing anything twice
 */
export const accountForEvent = async (
  { name: useCase, purpose }: Queue,
  { concerned: { customers, fields }, effect }: Handled,
  { requestId, actorId: actor, role, businessId: business }: BusinessScope,
): Promise<void> => {
  const masked = hiddenFrom(role).filter((name) => fields.includes(name));
  const outcome = effect === 'none' ? 'unchanged' : 'changed';
  try {
    await recordAccess('customer-accessed', {
      ...{ requestId, useCase, purpose, actor, role, business, outcome },
      ...{ status: HANDLED, filters: [], fields, masked, customers },
    });
  } catch (cause) {
    count('AuditWriteFailed');
    throw new Error('The access log entry could not be written.', { cause });
  }
};
