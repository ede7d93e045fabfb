import type { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Favourites, favouritesIn, preferredMethodIn } from '#lib/domain/activity/favourites.ts';
import type { ActivitySummary, ListedOrder, ListedPayment } from '#lib/domain/activity/listed.ts';
import type { Invoicing } from '#lib/domain/activity/preferences.ts';
import { sumsOf } from '#lib/store/customers/activity-sums.ts';
import { openPreferences } from '#lib/store/customers/sealed-preferences.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { type ActivityLink, findActivityLink, idsOf } from './activity-link.ts';
import { type ActivityQuery, readActivity, readLately } from './activity-pages.ts';
import { toListedOrder, toListedPayment } from '#lib/store/customers/listed-activity.ts';

/** A customer of the caller's business with what its orders and payments amount to. */
export type WithActivity = Readonly<{
  customerId: string;
  /** Also those of everybody who was merged into it. */
  ids: readonly Types.ObjectId[];
  /** Whether the customer is in the archive: then only orders and payments that came since then are listed. */
  isAway: boolean;
  summary: ActivitySummary;
}>;

/** What a link says, as it is used outside of the store. */
export const toActivity = (link: ActivityLink): WithActivity => {
  const { totals, orders, visits } = sumsOf(link);
  return {
    customerId: link.customerId.toHexString(),
    ids: idsOf(link),
    isAway: link.away === true,
    summary: {
      ...totals,
      ...{ firstOrderAt: orders.first, lastOrderAt: orders.last },
      ...{ firstVisitAt: visits.first, lastVisitAt: visits.last },
    },
  };
};

/** A customer or, if it was merged into another one, that customer; null for an unknown id and for one of another business. */
const find = async (id: string, scope: BusinessScope): Promise<WithActivity | null> => {
  const link = await findActivityLink(id, {}, scope);
  return link === null ? null : toActivity(link);
};

/** The same with what an invoice for the customer has to say. */
const findWithInvoicing = async (
  id: string,
  scope: BusinessScope,
): Promise<(WithActivity & Readonly<{ invoicing: Invoicing | null }>) | null> => {
  const link = await findActivityLink(id, { preferences: 1 }, scope);
  if (link === null) return null;
  const { invoicing } = await readWithKeys(scope, (keys) => openPreferences(keys, link));
  return { ...toActivity(link), invoicing };
};

/** Which part of a list is asked for. */
export type PageOfActivity = Omit<ActivityQuery, 'kind'>;

/** Orders of a customer, newest first. */
const readOrders = async (
  { ids }: WithActivity,
  query: PageOfActivity,
  scope: BusinessScope,
): Promise<readonly ListedOrder[]> =>
  (await readActivity(ids, { ...query, kind: 'order' }, scope)).map(toListedOrder);

/** Payments of a customer, newest first. */
const readPayments = async (
  { ids }: WithActivity,
  query: PageOfActivity,
  scope: BusinessScope,
): Promise<readonly ListedPayment[]> =>
  (await readActivity(ids, { ...query, kind: 'payment' }, scope)).map(toListedPayment);

/** What a customer ordered most often of late. */
const readFavourites = async ({ ids }: WithActivity, scope: BusinessScope): Promise<Favourites> => {
  const orders = await readLately(ids, { kind: 'order', counts: ['booked', 'visit'] }, scope);
  return favouritesIn(
    orders.map(({ services = [] }) => ({
      services: services.map(({ serviceId, specialistIds }) => ({
        serviceId: serviceId?.toHexString() ?? null,
        specialistIds: specialistIds.map((id) => id.toHexString()),
      })),
    })),
  );
};

/** How a customer paid most often of late; null when it is not known. */
const readPreferredMethod = async ({ ids }: WithActivity, scope: BusinessScope): Promise<string | null> => {
  const payments = await readLately(ids, { kind: 'payment', counts: ['paid', 'refunded'] }, scope);
  return preferredMethodIn(payments.map(({ method }) => method ?? null));
};

/** The orders and payments of the caller's customers. */
export const customerActivity = {
  find,
  findWithInvoicing,
  readOrders,
  readPayments,
  readFavourites,
  readPreferredMethod,
};
export type CustomerActivity = typeof customerActivity;
