import { toFavourites, toOrderItem, toOrderTotals } from '#lib/contract/orders-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { listName, placeIn, placeText } from '#lib/domain/activity/list-place.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { CustomerActivity } from '#lib/store/activity/customer-activity.ts';
import type { contract } from './contract.ts';

type Needs = {
  activity: Pick<CustomerActivity, 'find' | 'readOrders' | 'readFavourites'>;
  sealPlace: (place: string, list: string, scope: BusinessScope) => Promise<string>;
  openPlace: (cursor: string, list: string, scope: BusinessScope) => Promise<string>;
};

/** Lists the orders of a customer, with those of everybody who was merged into it. */
export const findOrders =
  ({ activity, sealPlace, openPlace }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { cursor, pageSize, ...filter } }, scope) => {
    const found = await activity.find(id, scope);
    if (found === null) throw customerNotFound();
    const list = listName('orders', found.customerId, [filter.status, filter.from, filter.to]);
    const after = cursor === undefined ? null : placeIn(await openPlace(cursor, list, scope));
    const [orders, favourites] = await Promise.all([
      activity.readOrders(found, { ...filter, after, most: pageSize + 1 }, scope),
      after === null ? activity.readFavourites(found, scope) : null,
    ]);
    const page = orders.slice(0, pageSize);
    const last = orders.length > pageSize ? page.at(-1) : undefined;
    return ok({
      items: page.map(toOrderItem),
      ...(favourites !== null && {
        totals: toOrderTotals(found.summary),
        favourites: toFavourites(favourites),
      }),
      ...(found.isAway && { inArchive: true as const }),
      ...(last !== undefined && { nextCursor: await sealPlace(placeText(last), list, scope) }),
    });
  };
