import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { ARCHIVE_PURPOSE } from '#lib/domain/rights/archive.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { type LeanCustomer, toCustomer } from '#lib/store/customers/document.ts';
import { type StoredCustomer, toStored } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import type { Author } from '#lib/store/histories/record-entry.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';

type Whose = Readonly<{ businessId: string; customerId: string }>;

/** A customer as a task read it, and the author of what the task does with it. */
export type Read = Readonly<{
  stored: StoredCustomer;
  link: CustomerLinkDocument;
  document: LeanCustomer;
  by: Author;
}>;

/** The author of a history entry that a task adds. */
const authorOf = ({ purpose, requestId }: SystemScope, businessId: string): Author => ({
  businessId,
  actorId: `task:${purpose}`,
  role: null,
  purpose: ARCHIVE_PURPOSE,
  requestId,
});

/** Reads a customer through its link, for a task that works on it alone; null when there is none. */
export const readForTask = async (
  { businessId, customerId }: Whose,
  scope: SystemScope,
): Promise<Read | null> => {
  const connection = await connect();
  const own = { businessId: new Types.ObjectId(businessId), customerId: new Types.ObjectId(customerId) };
  const link = await modelOf(connection, 'customer_link')
    .findOne(own)
    .setOptions(queryOptions(scope))
    .lean<CustomerLinkDocument>();
  if (link === null) return null;
  const document = await modelOf(connection, 'customer')
    .findOne({ _id: own.customerId })
    .setOptions(queryOptions(scope))
    .lean<LeanCustomer>();
  if (document === null || document.__v !== link.version) return null;
  const by = authorOf(scope, businessId);
  const stored = await readWithKeys(by, (keys) =>
    toStored({ link, customer: toCustomer(document, keys), keys }),
  );
  return { stored, link, document, by };
};
