import type { mongo } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { joined } from '#lib/domain/activity/spans.ts';
import { minus, plus } from '#lib/domain/activity/totals.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { readSpan } from './activity-spans.ts';
import { readSumLinks, type SumLink, type Sums, sumFields, sumsOf, unchangedSums } from './activity-sums.ts';

/** What a merge, or undoing it, does to the sums of a link, and what of the link must still be as it was read. */
export type SumsChange = Readonly<{
  unchanged: mongo.Document;
  set?: Partial<CustomerLinkDocument>;
  unset?: readonly string[];
}>;

/** The changes for both customers of a merge. */
export type SumsOfBoth = Readonly<{ survivor: SumsChange; loser: SumsChange }>;

type PairOfIds = Readonly<{ survivorId: string; loserId: string }>;

const readBoth = async ({ survivorId, loserId }: PairOfIds, scope: BusinessScope) => {
  const links = await readSumLinks([survivorId, loserId], { businessId: scope.businessId, scope });
  const [survivor, loser] = [links.get(survivorId), links.get(loserId)];
  if (survivor === undefined || loser === undefined) throw new Conflict('One of the two has just gone.');
  return { survivor, loser };
};

const changed = (link: SumLink, sums: Sums): SumsChange => ({
  unchanged: unchangedSums(link),
  ...sumFields(link, sums),
});

/** A merge adds the loser's sums to the survivor's. The loser keeps its own, so that they can be taken back. */
export const sumsOfMerge = async (pair: PairOfIds, scope: BusinessScope): Promise<SumsOfBoth> => {
  const { survivor, loser } = await readBoth(pair, scope);
  const [own, added] = [sumsOf(survivor), sumsOf(loser)];
  const sums = {
    totals: plus(own.totals, added.totals),
    orders: joined(own.orders, added.orders),
    visits: joined(own.visits, added.visits),
  };
  return { survivor: changed(survivor, sums), loser: { unchanged: unchangedSums(loser) } };
};

/** Undoing a merge takes the loser's sums back. Which order was the first and the last without it is read. */
export const sumsOfUnmerge = async (pair: PairOfIds, scope: BusinessScope): Promise<SumsOfBoth> => {
  const { survivor, loser } = await readBoth(pair, scope);
  const place = { businessId: scope.businessId, scope };
  const without = { customerId: pair.survivorId, withoutLoser: pair.loserId };
  const sums = {
    totals: minus(sumsOf(survivor).totals, sumsOf(loser).totals),
    orders: await readSpan({ ...without, name: 'orders' }, place),
    visits: await readSpan({ ...without, name: 'visits' }, place),
  };
  return { survivor: changed(survivor, sums), loser: { unchanged: unchangedSums(loser) } };
};
