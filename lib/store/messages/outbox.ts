import { Types } from 'mongoose';
import type { BusinessScope, Scope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import type { CustomerEventType } from '#lib/domain/messages/customer-event.ts';
import type { EventDetails } from '#lib/store/collections/outbox.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';

/** What happened to a customer, and when. */
export type Happening = Readonly<{
  type: CustomerEventType;
  customer: Customer;
  /** The number of the history entry that goes with it. A later event of the same customer has a greater one. */
  seq: number;
  at: Date;
  /** The names of what changed, never values. */
  fields: readonly string[];
  about?: EventDetails | undefined;
}>;

/**
 * Stages an event for other services: ids, version, state, names of fields, and the few details that its type has. They read
 * everything else with their own permissions.
 */
export const announce = (happening: Happening, scope: BusinessScope): void => {
  announceIn(scope.businessId, happening, scope);
};

/** The same in a business that a task of the system works on. */
export const announceIn = (
  businessId: string,
  { type, customer, seq, at, fields, about }: Happening,
  scope: Scope,
): void => {
  stage(scope, {
    insertInto: 'outbox',
    document: {
      _id: new Types.ObjectId(),
      type,
      businessId: new Types.ObjectId(businessId),
      customerId: new Types.ObjectId(customer.id),
      seq,
      version: customer.version,
      state: stateOf(customer),
      at,
      fields: [...fields],
      ...(about !== undefined && { about }),
      pending: true,
    },
  });
};
