import * as z from 'zod';
import { toMajor } from '#lib/domain/activity/currencies.ts';
import { LOOKED_AT } from '#lib/domain/activity/favourites.ts';
import type { ListedPayment } from '#lib/domain/activity/listed.ts';
import { inArchive, MaybeMoment, nextCursor, SpendDto } from './activity-page.ts';
import { InvoicingDto } from './preferences-dto.ts';

const text = z.string().nullable();

/** One payment of a customer. */
export const PaymentItem = z
  .object({
    paymentId: z.string(),
    orderId: text,
    status: z.string().meta({ description: 'As the payment’s service names it; `deleted` if its state is.' }),
    amount: z.number().nullable().meta({ description: 'In the major unit.' }),
    currency: text.meta({ description: 'A payment without a currency is in no total.' }),
    method: text,
    providerType: text,
    paidAt: MaybeMoment.meta({
      description:
        'Its `paymentDate`; if it has none, when its service stored the newest state. Null for what is in no total.',
    }),
  })
  .meta({ id: 'PaymentItem' });

export const PaymentPage = z
  .object({
    items: z.array(PaymentItem).meta({ description: 'Newest first.' }),
    totals: z
      .array(SpendDto)
      .meta({ description: 'Of all payments of the customer, whatever the filters are.' }),
    preferredMethod: text.meta({
      description: `The method of most of the last ${String(LOOKED_AT)} payments that were paid.`,
    }),
    invoicing: InvoicingDto,
    inArchive,
    nextCursor,
  })
  .meta({ id: 'PaymentPage' });

/** A payment as it is answered. One that was not paid has no time. */
export const toPaymentItem = (payment: ListedPayment): z.input<typeof PaymentItem> => ({
  paymentId: payment.paymentId,
  orderId: payment.orderId,
  status: payment.status,
  amount:
    payment.minor === null || payment.currency === null
      ? payment.amount
      : toMajor(payment.minor, payment.currency),
  currency: payment.currency,
  method: payment.method,
  providerType: payment.providerType,
  paidAt: payment.counts === 'no' ? null : payment.startAt.toISOString(),
});
