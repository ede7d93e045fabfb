import { toPaymentItem } from '#lib/contract/payments-dto.ts';
import { toSpendDto } from '#lib/contract/activity-page.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { listName, placeIn, placeText } from '#lib/domain/activity/list-place.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { CustomerActivity } from '#lib/store/activity/customer-activity.ts';
import type { contract } from './contract.ts';

type Needs = {
  activity: Pick<CustomerActivity, 'findWithInvoicing' | 'readPayments' | 'readPreferredMethod'>;
  sealPlace: (place: string, list: string, scope: BusinessScope) => Promise<string>;
  openPlace: (cursor: string, list: string, scope: BusinessScope) => Promise<string>;
};

/** Lists the payments of a customer, with those of everybody who was merged into it. */
export const findPayments =
  ({ activity, sealPlace, openPlace }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { cursor, pageSize, ...filter } }, scope) => {
    const found = await activity.findWithInvoicing(id, scope);
    if (found === null) throw customerNotFound();
    const { status, method, from, to } = filter;
    const list = listName('payments', found.customerId, [status, method, from, to]);
    const after = cursor === undefined ? null : placeIn(await openPlace(cursor, list, scope));
    const [payments, preferredMethod] = await Promise.all([
      activity.readPayments(found, { ...filter, after, most: pageSize + 1 }, scope),
      activity.readPreferredMethod(found, scope),
    ]);
    const page = payments.slice(0, pageSize);
    const last = payments.length > pageSize ? page.at(-1) : undefined;
    return ok({
      items: page.map(toPaymentItem),
      totals: found.summary.spend.map(toSpendDto),
      preferredMethod,
      invoicing: found.invoicing,
      ...(found.isAway && { inArchive: true as const }),
      ...(last !== undefined && { nextCursor: await sealPlace(placeText(last), list, scope) }),
    });
  };
