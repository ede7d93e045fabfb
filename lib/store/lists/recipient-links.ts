import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import type { LeanCustomer } from '#lib/store/customers/document.ts';
import { CUSTOMER_LOOKUP } from '#lib/store/customers/reader.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { Types } from 'mongoose';
import type { RecipientPlan } from './recipient-plan.ts';
import type { Filter } from './segment-filter.ts';

/** How many links a page may look at. Where most fail a condition, it ends short, and the next one goes on from there. */
export const MOST_WALKED = 20_000;

/** A link of a page, with its customer. */
export type RecipientLink = Pick<
  CustomerLinkDocument,
  'customerId' | 'version' | 'createdKey' | 'visitKey' | 'preferences'
> &
  Readonly<{ customer: readonly LeanCustomer[] }>;

/** Where a page begins: after this sort key, or at the beginning. */
export type Slice = Readonly<{ after: string | null; pageSize: number; mostWalked: number }>;

/** The links of a page, and after which sort key the next one begins; null when nothing follows. */
export type WalkedLinks = Readonly<{ links: readonly RecipientLink[]; after: string | null }>;

/** The walked conditions with the bound of a page. Some engines walk an index in its order only when it has a bound. */
const boundOf = ({ chosen, walk: { key, within } }: RecipientPlan, after: string | null): Filter => {
  const isId = key === 'customerId';
  const range = typeof chosen[key] === 'object' ? chosen[key] : {};
  if (after === null) return { ...within, [key]: { $gte: isId ? FIRST_ID : '', ...range } };
  const { $gte: _, ...rest }: Readonly<Record<string, unknown>> = { ...range };
  return { ...within, [key]: { ...rest, $gt: isId ? new Types.ObjectId(after) : after } };
};

/** The conditions that the walked index has no fields for. */
const residual = ({ chosen, walk: { key, within } }: RecipientPlan): Filter =>
  Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== key && !Object.hasOwn(within, name)));

/**
 * Reads the links of a page and one more, with their customers: walks the index in its order, at most so many entries, and tests
 * the other conditions on the links.
 * @throws Conflict when a customer changed between the two
 */
export const walkLinks = async (
  plan: RecipientPlan,
  { after, pageSize, mostWalked }: Slice,
  scope: BusinessScope,
): Promise<WalkedLinks> => {
  const { index, key } = plan.walk;
  const walked = [{ $match: boundOf(plan, after) }, { $sort: { [key]: 1 } }, { $limit: mostWalked }];
  const rest = residual(plan);
  const most = pageSize + 1;
  const found = await guardedAggregate<RecipientLink>(
    await connect(),
    'customer_link',
    [
      ...walked,
      ...(Object.keys(rest).length > 0 ? [{ $match: rest }] : []),
      { $limit: most },
      { $project: { _id: 0, customerId: 1, version: 1, createdKey: 1, visitKey: 1, preferences: 1 } },
      CUSTOMER_LOOKUP,
    ],
    { scope, most, hint: index },
  );
  refuseTorn(found);
  const links = found.slice(0, pageSize);
  const last = links.at(-1);
  if (found.length > pageSize && last !== undefined) return { links, after: String(last[key]) };
  return { links, after: await endOfWalk(plan, { after, mostWalked }, scope) };
};

/** The sort key at which a walk ended because it was long enough; null when it reached the end of the list. */
const endOfWalk = async (
  plan: RecipientPlan,
  { after, mostWalked }: Omit<Slice, 'pageSize'>,
  scope: BusinessScope,
): Promise<string | null> => {
  const { index, key } = plan.walk;
  const [last, next] = await guardedAggregate<Pick<RecipientLink, typeof key>>(
    await connect(),
    'customer_link',
    [
      { $match: boundOf(plan, after) },
      { $sort: { [key]: 1 } },
      { $skip: mostWalked - 1 },
      { $limit: 2 },
      { $project: { _id: 0, [key]: 1 } },
    ],
    { scope, hint: index },
  );
  return last === undefined || next === undefined ? null : String(last[key]);
};

/** A link and its customer are read one after the other. An address that came in between may be one that nobody allowed. */
const refuseTorn = (found: readonly RecipientLink[]): void => {
  const isTorn = ({ version, customer }: RecipientLink): boolean => customer[0]?.__v !== version;
  if (found.some(isTorn)) throw new Conflict('A customer has changed between its link and its record.');
};
