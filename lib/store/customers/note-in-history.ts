import type { BusinessScope, Scope } from '#lib/domain/access/scope.ts';
import { stateOf } from '#lib/domain/customers/customer.ts';
import type { CustomerEventType } from '#lib/domain/messages/customer-event.ts';
import { keyUseAfterChange } from '#lib/privacy/key-use.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import type { EventDetails } from '#lib/store/collections/outbox.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { type Author, recordEntry } from '#lib/store/histories/record-entry.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { announceIn } from '#lib/store/messages/outbox.ts';
import { headBefore, unchangedLink } from './link-before.ts';
import type { StoredCustomer } from './reader.ts';

/** Something that happened to a customer and changes nothing of its own record, for example a consent. */
export type Note = Readonly<{
  /** The use case, for example `record-consents`. */
  action: string;
  at: Date;
  /** Names of what changed, never values. */
  fields: readonly string[];
  reason?: string | undefined;
  event: CustomerEventType;
  /** What the event says beside ids and states. */
  about?: EventDetails;
  /** The customer's version afterwards, if it does not stay. */
  version?: number;
  /** The fields of the link to set, and the names of those to remove. */
  set?: Partial<CustomerLinkDocument>;
  unset?: readonly (keyof CustomerLinkDocument)[];
}>;

/**
 * Stages a change of a customer's link, with its history entry and its event. The customer's version and `updatedAt` stay,
 * unless the note says otherwise.
 * The filter names the link as it was read, so no other change is lost.
 * @throws Refusal `not-permitted` for a record that another business owns
 */
export const noteInHistory = (stored: StoredCustomer, note: Note, scope: BusinessScope): Promise<void> =>
  noteInHistoryBy(scope, stored, { note, scope });

/** The same for an author who has no request: a task of the system. */
export const noteInHistoryBy = async (
  by: Author,
  stored: StoredCustomer,
  {
    note: { action, at, fields, reason, event, about, version, set = {}, unset = [] },
    scope,
  }: { note: Note; scope: Scope },
): Promise<void> => {
  const { customer, link, keys } = stored;
  const newEntry = { customerId: customer.id, action, at, fields, ...(reason !== undefined && { reason }) };
  const changed = { ...customer, version: version ?? customer.version };
  const after = { state: stateOf(customer), version: changed.version };
  const head = await readWithKeys(by, () =>
    recordEntry({ newEntry, after }, headBefore(stored, by.businessId), { scope, by, keys }),
  );
  stage(scope, {
    update: 'customer_link',
    filter: unchangedLink(stored, by.businessId),
    change: {
      $set: { ...set, version: changed.version, ...head, keyUse: keyUseAfterChange(link.keyUse ?? '', keys) },
      ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((name) => [name, '' as const])) }),
    },
  });
  const happening = { type: event, customer: changed, seq: head.auditSeq, at, fields, about };
  announceIn(by.businessId, happening, scope);
};
