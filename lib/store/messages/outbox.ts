import { Types } from 'mongoose';
import type { BusinessScope, Scope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import type { EventDetails } from '#lib/store/collections/outbox.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';

/** The events that other services get. */
export type EventType =
  | 'customer-created'
  | 'customer-changed'
  | 'customer-merged'
  | 'customer-unmerged'
  | 'customer-erased'
  | 'consent-changed'
  | 'hold-changed'
  | 'archived-away'
  | 'recalled';

/** What happened to a customer, and when. */
export type Happening = Readonly<{
  type: EventType;
  customer: Customer;
  at: Date;
  about?: EventDetails | undefined;
}>;

/**
 * Stages an event for other services: ids, version, state, and the few details that its type has. They read everything else
 * with their own permissions.
 */
export const announce = (happening: Happening, scope: BusinessScope): void => {
  announceIn(scope.businessId, happening, scope);
};

/** The same in a business that a task of the system works on. */
export const announceIn = (
  businessId: string,
  { type, customer, at, about }: Happening,
  scope: Scope,
): void => {
  stage(scope, {
    insertInto: 'outbox',
    document: {
      _id: new Types.ObjectId(),
      type,
      businessId: new Types.ObjectId(businessId),
      customerId: new Types.ObjectId(customer.id),
      version: customer.version,
      state: stateOf(customer),
      at,
      ...(about !== undefined && { about }),
      pending: true,
    },
  });
};
