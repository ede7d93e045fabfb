import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { ActivitySourceDocument } from '#lib/store/collections/activity-source.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readSumLinks } from '#lib/store/customers/activity-sums.ts';
import { heirsOf } from '#lib/store/customers/purged.ts';
import { customersOfOrders } from '#lib/store/customers/named-by-orders.ts';

/** Whom an id names: a customer of the business, or one that is gone. An id that is in no list names nobody yet. */
export type KnownIds = Readonly<{ customers: ReadonlyMap<string, string>; gone: ReadonlySet<string> }>;

/**
 * Finds out whom these ids name in the caller's business: its customers, deleted and merged ones too; the customers whose orders
 * brought the id; a survivor, if the customer was merged into it and purged since; or a customer that was erased or purged.
 */
export const knownIds = async (ids: readonly string[], scope: BusinessScope): Promise<KnownIds> => {
  const place = { businessId: scope.businessId, scope };
  const own = await readSumLinks(ids, place);
  const others = ids.filter((id) => !own.has(id));
  if (others.length === 0) return { customers: new Map(ids.map((id) => [id, id])), gone: new Set() };
  // In this order: an erasure notes the ids with their sources in the moment in which it removes the orders.
  const ofOrders = await customersOfOrders(others, scope);
  const noted = await notedAsGone(others, scope);
  const named = new Map(others.map((id) => [id, ofOrders.get(id) ?? id]));
  const heirs = await heirsOf([...new Set(named.values())], place);
  const customers = new Map([...own.keys()].map((id) => [id, id]));
  const gone = new Set<string>();
  for (const [id, customerId] of named) {
    const heir = heirs.get(customerId);
    if (heir !== undefined && heir !== null) customers.set(id, heir);
    else if (heir === null || noted.has(id) || ofOrders.has(id)) gone.add(id);
  }
  return { customers, gone };
};

const idsOf = (hex: readonly string[]) => hex.map((id) => new Types.ObjectId(id));

/** The ids by which a source named a customer that was erased. */
const notedAsGone = async (ids: readonly string[], scope: BusinessScope): Promise<ReadonlySet<string>> => {
  const found = await modelOf(await connect(), 'activity_source')
    .find({ businessId: new Types.ObjectId(scope.businessId), gone: { $in: idsOf(ids) } })
    .select({ _id: 0, gone: 1 })
    .setOptions(queryOptions(scope))
    .lean<Pick<ActivitySourceDocument, 'gone'>[]>();
  return new Set(found.flatMap(({ gone = [] }) => gone.map((id) => id.toHexString())));
};
