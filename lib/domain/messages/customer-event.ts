import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { Channel } from '#lib/domain/rights/consents.ts';

/** What other services hear about a customer. */
export type CustomerEventType =
  | 'customer-created'
  | 'customer-changed'
  | 'customer-state-changed'
  | 'customer-merged'
  | 'customer-unmerged'
  | 'customer-erased'
  | 'customer-purged'
  | 'consent-changed'
  | 'hold-changed'
  | 'archived-away'
  | 'recalled';

/** An event about a customer, as it waits to be published: ids, states and names of fields, nothing personal. */
export type CustomerEvent = Readonly<{
  id: string;
  type: CustomerEventType;
  businessId: string;
  customerId: string;
  /** The order of a customer's events. Those that earlier versions wrote have 0. */
  seq: number;
  version: number;
  state: CustomerState;
  at: Date;
  /** The names of what changed. Earlier versions did not write them. */
  fields?: readonly string[];
  changes?: readonly Readonly<{ purpose: string; channel: Channel; granted: boolean }>[];
  from?: CustomerState;
  to?: CustomerState;
  survivorId?: string;
}>;
