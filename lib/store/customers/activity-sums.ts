import { Types } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import type { Totals } from '#lib/domain/activity/counts.ts';
import type { Span } from '#lib/domain/activity/spans.ts';
import { type CustomerLinkDocument, noCounts } from '#lib/store/collections/customer-link.ts';
import { connect } from '#lib/store/database/connection.ts';
import type { Write } from '#lib/store/database/write.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { timeKey } from './link.ts';
import { MOST_MERGES } from './reader.ts';

/** The fields of a link that say what orders and payments amount to. */
export const SUM_FIELDS = {
  orderCount: 1,
  visitCount: 1,
  cancelledCount: 1,
  spend: 1,
  firstOrderAt: 1,
  lastOrderAt: 1,
  firstVisitAt: 1,
  lastVisitAt: 1,
} as const;

const FIELDS = { customerId: 1, mergedInto: 1, away: 1, folds: 1, ...SUM_FIELDS } as const;

/** What a link says of the orders and payments of its customer, and of everybody who was merged into it. */
export type SumLink = Pick<CustomerLinkDocument, keyof typeof FIELDS>;

/** A business, and the scope under which its links are read and written. */
export type Place = Readonly<{ businessId: string; scope: Scope }>;

/** What orders and payments amount to, and when the first and the last of them began. */
export type Sums = Readonly<{ totals: Totals; orders: Span; visits: Span }>;

/** The sums that a link has. */
export const sumsOf = (link: Pick<SumLink, keyof typeof SUM_FIELDS>): Sums => {
  const none = noCounts();
  return {
    totals: {
      orderCount: link.orderCount ?? none.orderCount,
      visitCount: link.visitCount ?? none.visitCount,
      cancelledCount: link.cancelledCount ?? none.cancelledCount,
      spend: (link.spend ?? []).map(({ currency, paid, refunded, payments }) => ({
        ...{ currency, paid, refunded, payments },
      })),
    },
    orders: { first: link.firstOrderAt ?? null, last: link.lastOrderAt ?? null },
    visits: { first: link.firstVisitAt ?? null, last: link.lastVisitAt ?? null },
  };
};

/** The part of a link's filter that matches only while its sums and its place in a chain of merges are as they were read. */
export const unchangedSums = ({ folds, mergedInto }: SumLink) => ({
  folds: folds ?? { $exists: false },
  mergedInto: mergedInto ?? { $exists: false },
});

const TIMES = ['firstOrderAt', 'lastOrderAt', 'firstVisitAt', 'lastVisitAt', 'visitKey'] as const;

/** The fields of a link that hold its sums: those to set, and the names of those to remove. */
export const sumFields = ({ customerId, folds = 0 }: SumLink, { totals, orders, visits }: Sums) => {
  const times = {
    ...(orders.first && { firstOrderAt: orders.first }),
    ...(orders.last && { lastOrderAt: orders.last }),
    ...(visits.first && { firstVisitAt: visits.first }),
    ...(visits.last && {
      lastVisitAt: visits.last,
      visitKey: timeKey(visits.last, customerId.toHexString()),
    }),
  };
  return {
    set: { ...totals, spend: [...totals.spend], ...times, folds: folds + 1 },
    unset: TIMES.filter((name) => !(name in times)),
  };
};

/** The update that gives a link new sums. It matches nothing when others have changed them since they were read. */
export const sumsUpdate = (businessId: string, link: SumLink, sums: Sums): Write => {
  const { set, unset } = sumFields(link, sums);
  return {
    update: 'customer_link',
    filter: {
      businessId: new Types.ObjectId(businessId),
      customerId: link.customerId,
      ...unchangedSums(link),
    },
    change: {
      $set: set,
      ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((name) => [name, '' as const])) }),
    },
  };
};

/** Links by the ids of their customers. */
export type SumLinks = ReadonlyMap<string, SumLink>;

/** The links of these customers, as far as the business has them. */
export const readSumLinks = async (
  ids: readonly string[],
  { businessId, scope }: Place,
): Promise<SumLinks> => {
  if (ids.length === 0) return new Map();
  const found = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(businessId),
      customerId: { $in: ids.map((id) => new Types.ObjectId(id)) },
    })
    .select({ _id: 0, ...FIELDS })
    .setOptions(queryOptions(scope))
    .lean<SumLink[]>();
  return new Map(found.map((link) => [link.customerId.toHexString(), link]));
};

/** These links and those of everybody into whom their customers were merged. Each level of merges costs one round trip. */
export const withSurvivors = async (links: SumLinks, place: Place): Promise<SumLinks> => {
  const all = new Map(links);
  let level: readonly SumLink[] = [...links.values()];
  for (let merges = 0; merges < MOST_MERGES; merges += 1) {
    const above = level.flatMap(({ mergedInto }) => mergedInto?.toHexString() ?? []);
    const unread = [...new Set(above)].filter((id) => !all.has(id));
    if (unread.length === 0) break;
    const found = await readSumLinks(unread, place);
    for (const [id, link] of found) all.set(id, link);
    level = [...found.values()];
  }
  return all;
};
