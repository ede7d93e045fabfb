import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { NO_TOTALS } from '#lib/domain/activity/counts.ts';
import { NO_SPAN } from '#lib/domain/activity/spans.ts';
import { plus, spansWith, totalsOf } from '#lib/domain/activity/totals.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import {
  BUSINESS_CUSTOMER_INDEX,
  type CustomerLinkDocument,
  MERGED_INDEX,
} from '#lib/store/collections/customer-link.ts';
import { type ErasureDocument, OPEN_INDEX } from '#lib/store/collections/erasure.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { storedFrom } from '#lib/store/customers/activity-facts.ts';
import {
  type Place,
  readSumLinks,
  type Sums,
  sumFields,
  type SumLink,
  sumsOf,
  sumsUpdate,
} from '#lib/store/customers/activity-sums.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stepAside } from '#lib/store/database/task-transaction.ts';
import { commit, stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** A customer of a business. Customers are counted in this order. */
export type Counted = Readonly<{ businessId: string; customerId: string }>;

/** Which fields of a link are not what its orders and payments amount to. */
export type Difference = Counted & Readonly<{ fields: readonly string[] }>;

/** Which customers are counted, from where, how many at once, and whether what differs is written. */
export type Recount = Readonly<{
  businessId?: string | undefined;
  after?: Counted | undefined;
  size: number;
  fix: boolean;
}>;

/** What was counted in one batch, and its last customer. */
export type RecountedBatch = Readonly<{ counted: number; differences: readonly Difference[]; last: Counted }>;

/** Counts the orders and payments of all customers again, in order of business and customer, and compares. */
export async function* recountActivity(
  { businessId, after, size, fix }: Recount,
  run: SystemScope,
): AsyncGenerator<RecountedBatch> {
  const first = FIRST_ID.toHexString();
  let business = after?.businessId ?? businessId ?? (await businessAfter(first, run));
  let customer = after?.customerId ?? first;
  while (business !== null) {
    const ids: string[] = await customersAfter({ businessId: business, customerId: customer }, size, run);
    const last = ids.at(-1);
    if (last === undefined) {
      if (businessId !== undefined) return;
      [business, customer] = [await businessAfter(business, run), first];
      continue;
    }
    const differences: Difference[] = [];
    for (const customerId of ids) {
      const fields = await compare({ businessId: business, customerId }, fix, run);
      if (fields.length > 0) differences.push({ businessId: business, customerId, fields });
    }
    customer = last;
    yield { counted: ids.length, differences, last: { businessId: business, customerId: last } };
  }
}

const businessAfter = async (businessId: string, scope: SystemScope): Promise<string | null> => {
  const [next] = await modelOf(await connect(), 'customer_link')
    .find({ businessId: { $gt: new Types.ObjectId(businessId) } })
    .sort({ businessId: 1 })
    .limit(1)
    .select({ _id: 0, businessId: 1 })
    .hint(BUSINESS_CUSTOMER_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Pick<CustomerLinkDocument, 'businessId'>[]>();
  return next?.businessId.toHexString() ?? null;
};

const customersAfter = async (
  { businessId, customerId }: Counted,
  most: number,
  scope: SystemScope,
): Promise<string[]> => {
  const found = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(businessId),
      customerId: { $gt: new Types.ObjectId(customerId) },
    })
    .sort({ customerId: 1 })
    .limit(most)
    .select({ _id: 0, customerId: 1 })
    .hint(BUSINESS_CUSTOMER_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Pick<CustomerLinkDocument, 'customerId'>[]>();
  return found.map((link) => link.customerId.toHexString());
};

/** The fields that differ. An event that comes while the orders are read makes it count again. */
const compare = async (
  { businessId, customerId }: Counted,
  fix: boolean,
  run: SystemScope,
): Promise<readonly string[]> => {
  for (;;) {
    const place = { businessId, scope: run.again() };
    const before = (await readSumLinks([customerId], place)).get(customerId);
    if (before === undefined) return [];
    const sums = await countAnew(customerId, place);
    const link = (await readSumLinks([customerId], place)).get(customerId);
    if (link?.folds !== before.folds) continue;
    const fields = differing(before, sums);
    if (fields.length === 0 || !fix) return fields;
    stage(place.scope, sumsUpdate(businessId, before, sums));
    try {
      await commit(place.scope);
      return fields;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      await stepAside();
    }
  }
};

const differing = (link: SumLink, sums: Sums): readonly string[] => {
  const { folds: _folds, visitKey: _key, ...is } = sumFields(link, sumsOf(link)).set;
  const { folds: _, visitKey: __, ...shouldBe } = sumFields(link, sums).set;
  const textOf = (value: unknown) => JSON.stringify(value ?? null);
  const [one, other] = [new Map(Object.entries(is)), new Map(Object.entries(shouldBe))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => textOf(one.get(name)) !== textOf(other.get(name)))
    .sort();
};

/** What the orders and payments of a customer amount to, and those of everybody who was merged into it. */
const countAnew = async (customerId: string, place: Place): Promise<Sums> => {
  const documents = await modelOf(await connect(), 'activity')
    .find({
      businessId: new Types.ObjectId(place.businessId),
      customerId: { $in: await familyOf(customerId, place) },
    })
    .setOptions(queryOptions(place.scope))
    .lean<ActivityDocument[]>();
  const facts = documents.map((document) => storedFrom(document).facts);
  return {
    totals: facts.map(totalsOf).reduce(plus, NO_TOTALS),
    ...spansWith({ orders: NO_SPAN, visits: NO_SPAN }, facts),
  };
};

/** A customer and everybody who was merged into it; also those who were purged and whose orders are still to be given to it. */
const familyOf = async (customerId: string, { businessId, scope }: Place): Promise<Types.ObjectId[]> => {
  const business = new Types.ObjectId(businessId);
  const all: Types.ObjectId[] = [];
  for (let level = [new Types.ObjectId(customerId)]; level.length > 0;) {
    all.push(...level);
    const losers = await modelOf(await connect(), 'customer_link')
      .find({ businessId: business, mergedInto: { $in: level } })
      .select({ _id: 0, customerId: 1 })
      .hint(MERGED_INDEX)
      .setOptions(queryOptions(scope))
      .lean<Pick<CustomerLinkDocument, 'customerId'>[]>();
    const purged = await modelOf(await connect(), 'erasure')
      .find({ open: true, businessId: business, mergedInto: { $in: level } })
      .select({ _id: 1 })
      .hint(OPEN_INDEX)
      .setOptions(queryOptions(scope))
      .lean<Pick<ErasureDocument, '_id'>[]>();
    level = [...losers.map((link) => link.customerId), ...purged.map(({ _id }) => _id)];
  }
  return all;
};
