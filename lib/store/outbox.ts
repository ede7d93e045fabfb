import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, stateOf } from '#lib/domain/customer.ts';
import { stage } from './unit-of-work.ts';

/** What other services hear of. */
export type EventType = 'customer-created' | 'customer-changed' | 'customer-merged' | 'customer-unmerged';

/** Stages an event for other services: ids, version and state; they ask for the rest with their own rights. */
export const announce = (type: EventType, customer: Customer, scope: BusinessScope): void => {
  stage(scope, {
    insertInto: 'outbox',
    document: {
      _id: new Types.ObjectId(),
      type,
      businessId: new Types.ObjectId(scope.businessId),
      customerId: new Types.ObjectId(customer.id),
      version: customer.version,
      state: stateOf(customer),
      at: customer.updatedAt,
      pending: true,
    },
  });
};
