import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { type LeanCustomer, toCustomer } from '#lib/store/customers/document.ts';
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

const survivorOf = (id: string, rows: ReadonlyMap<string, Row>): string =>
  rows.get(id)?.mergedInto?.toHexString() ?? id;

/**
 * Customers of the caller's business by the ids that were asked for; for a merged one, the customer that it was merged into.
 * Unknown ids and those of other businesses are left out. One round trip for any number of ids, and one more for each merge on
 * the way of any of them.
 */
const find = async (ids: readonly string[], scope: BusinessScope): Promise<ReadonlyMap<string, Snapshot>> => {
  const rows = new Map<string, Row>();
  let asked = new Map(ids.map((id): [string, string] => [id, id]));
  for (let merges = 0; merges <= MOST_MERGES; merges += 1) {
    const missing = [...new Set(asked.values())].filter((id) => !rows.has(id));
    if (missing.length === 0) break;
    for (const row of await readRows(missing, scope)) rows.set(row.customerId.toHexString(), row);
    const next = new Map([...asked].map(([id, at]): [string, string] => [id, survivorOf(at, rows)]));
    if ([...next].every(([id, at]) => asked.get(id) === at)) break;
    asked = next;
  }
  return await readWithKeys(scope, (keys) => {
    const found = [...asked].flatMap(([id, at]): [string, Snapshot][] => {
      const row = rows.get(at);
      const document = row?.customer[0];
      if (row === undefined || document === undefined) return [];
      return [[id, { ...toActivity(row), customer: toCustomer(document, keys) }]];
    });
    return new Map(found);
  });
};

/** Copies of the caller's customers for orders. */
export const snapshots = { find, tell: firstTimes.tell };
export type Snapshots = typeof snapshots;
