import { type mongo, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { LedgerEntry } from '#lib/domain/rights/erasure.ts';
import { CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { connect } from '#lib/store/database/connection.ts';
import { inTaskTransaction } from '#lib/store/database/task-transaction.ts';
import { sendWrites } from '#lib/store/database/write.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readKeyringNow } from '#lib/store/keys/request-keys.ts';
import { LINK_FIELDS, type Returned, type ReturnedLink, writesOf } from './replayed-writes.ts';

/** How many of these customers are in the database again. */
export const countReturned = async (entries: readonly LedgerEntry[], scope: SystemScope): Promise<number> => {
  const { linked, unlinked } = await findReturned(entries, null, scope.again());
  return linked.length + unlinked.length;
};

/**
 * Begins the erasure of those of these customers that are in the database again, in one transaction, whatever hold they are
 * under. `finish-erasures` removes the rest.
 * @param at when they are erased now: offline copies that were told before are told again
 * @returns how many
 * @throws Conflict when others work on the same customers until the deadline
 */
export const eraseReturned = async (
  entries: readonly LedgerEntry[],
  at: Date,
  scope: SystemScope,
): Promise<number> => {
  const connection = await connect();
  return await inTaskTransaction(
    scope,
    'Another run erased the same customers.',
    async (session, tryScope) => {
      const returned = await findReturned(entries, session, tryScope);
      const ring = await readKeyringNow();
      const writes = writesOf(returned, { at, ring, requestId: scope.requestId });
      if (writes.length > 0) await sendWrites(writes, { connection, session }, tryScope);
      return returned.linked.length + returned.unlinked.length;
    },
  );
};

const findReturned = async (
  entries: readonly LedgerEntry[],
  session: mongo.ClientSession | null,
  scope: SystemScope,
): Promise<Returned> => {
  const connection = await connect();
  // A killed run may have written an erasure into two files, or twice into one.
  const byId = new Map(entries.map((entry) => [entry.customerId, entry]));
  const links = await modelOf(connection, 'customer_link')
    .find({ customerId: { $in: [...byId.keys()].map((id) => new Types.ObjectId(id)) } })
    .select(LINK_FIELDS)
    .hint(CUSTOMER_INDEX)
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<ReturnedLink[]>();
  const withLink = new Set(links.map(({ customerId }) => customerId.toHexString()));
  const without = [...byId.keys()].filter((id) => !withLink.has(id)).map((id) => new Types.ObjectId(id));
  const customers =
    without.length === 0
      ? []
      : await modelOf(connection, 'customer')
          .find({ _id: { $in: without } })
          .select({ _id: 1 })
          .session(session)
          .setOptions(queryOptions(scope))
          .lean<{ _id: Types.ObjectId }[]>();
  return {
    linked: links.flatMap((link) => {
      const entry = byId.get(link.customerId.toHexString());
      return link.businessId.toHexString() === entry?.businessId ? [{ entry, link }] : [];
    }),
    unlinked: customers.flatMap(({ _id }) => byId.get(_id.toHexString()) ?? []),
  };
};
