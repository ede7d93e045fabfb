import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { BUSINESS_CUSTOMER_INDEX, type CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import {
  readSumLinks,
  type Sums,
  sumFields,
  type SumLink,
  sumsOf,
  sumsUpdate,
} from '#lib/store/customers/activity-sums.ts';
import { countSums } from '#lib/store/customers/counted-sums.ts';
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
    // Of a customer in the archive, not everything is here to be counted. Its return counts it.
    if (before === undefined || before.away === true) return [];
    const sums = await countSums(customerId, place);
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
