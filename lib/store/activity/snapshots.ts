import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { type LeanCustomer, toCustomer } from '#lib/store/customers/document.ts';
import { customersOfOrders } from '#lib/store/customers/named-by-orders.ts';
import { CUSTOMER_LOOKUP, MOST_MERGES } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { ACTIVITY_FIELDS, type ActivityLink } from './activity-link.ts';
import { toActivity, type WithActivity } from './customer-activity.ts';
import { firstTimes } from './first-times.ts';

/** A customer with what its orders amount to. */
export type Snapshot = WithActivity & Readonly<{ customer: Customer }>;

type Row = ActivityLink & Readonly<{ customer: readonly LeanCustomer[] }>;

const readRows = async (ids: readonly string[], scope: BusinessScope): Promise<readonly Row[]> =>
  await guardedAggregate<Row>(
    await connect(),
    'customer_link',
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          customerId: { $in: ids.map((id) => new Types.ObjectId(id)) },
        },
      },
      { $project: { _id: 0, ...ACTIVITY_FIELDS } },
      CUSTOMER_LOOKUP,
    ],
    { scope, most: ids.length, hint: BUSINESS_CUSTOMER_INDEX },
  );

type Rows = Map<string, Row>;

/** Follows the merges of these customers, level by level. Returns the survivor of each. */
const followed = async (
  ids: readonly string[],
  rows: Rows,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, string>> => {
  let places = new Map(ids.map((id): [string, string] => [id, id]));
  for (let merges = 0; merges <= MOST_MERGES; merges += 1) {
    const unread = [...new Set(places.values())].filter((id) => !rows.has(id));
    for (const row of unread.length === 0 ? [] : await readRows(unread, scope))
      rows.set(row.customerId.toHexString(), row);
    const next = new Map(
      [...places].map(([id, at]): [string, string] => [id, rows.get(at)?.mergedInto?.toHexString() ?? at]),
    );
    if ([...next].every(([id, at]) => places.get(id) === at)) break;
    places = next;
  }
  return places;
};

/**
 * Customers of the caller's business by the ids that were asked for; for a merged one, the customer that it was merged into. An
 * id that no customer of the business has may be one by which its orders name a customer. Other ids are left out. One round trip
 * for any number of ids, one more if there is an unknown one, and one for each merge on the way of any of them.
 */
const find = async (ids: readonly string[], scope: BusinessScope): Promise<ReadonlyMap<string, Snapshot>> => {
  const rows: Rows = new Map();
  const known = await followed(ids, rows, scope);
  const unknown = ids.filter((id) => !rows.has(id));
  const named = unknown.length === 0 ? NOBODY : await customersOfOrders(unknown, scope);
  const owners = named.size === 0 ? NOBODY : await followed([...new Set(named.values())], rows, scope);
  return await readWithKeys(scope, (keys) => {
    const found = ids.flatMap((id): [string, Snapshot][] => {
      const row = rows.get(owners.get(named.get(id) ?? '') ?? known.get(id) ?? id);
      const document = row?.customer[0];
      if (row === undefined || document === undefined) return [];
      return [[id, { ...toActivity(row), customer: toCustomer(document, keys) }]];
    });
    return new Map(found);
  });
};

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Copies of the caller's customers for orders. */
export const snapshots = { find, tell: firstTimes.tell };
export type Snapshots = typeof snapshots;
