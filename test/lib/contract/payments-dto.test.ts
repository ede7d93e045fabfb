import { describe, expect, it } from '@jest/globals';
import { PaymentItem, PaymentPage, toPaymentItem } from '#lib/contract/payments-dto.ts';

const AT = new Date('2026-01-01T00:00:00.000Z');
const ID = 'a'.repeat(24);
const LISTED = {
  ...{ id: 'f'.repeat(24), paymentId: ID, orderId: 'b'.repeat(24), status: 'succeeded', startAt: AT },
  ...{
    counts: 'paid' as const,
    minor: 750,
    amount: null,
    currency: 'PLN',
    method: 'CASH',
    providerType: 'onSite',
  },
};
const ITEM = {
  ...{ paymentId: ID, orderId: 'b'.repeat(24), status: 'succeeded', amount: 7.5, currency: 'PLN' },
  ...{ method: 'CASH', providerType: 'onSite', paidAt: AT.toISOString() },
};

describe('a payment', () => {
  it('is answered in the major unit, with its ids and when it was paid', () => {
    expect(toPaymentItem(LISTED)).toStrictEqual(ITEM);
  });

  it('of a payment without a currency are as they came; one that was not paid has no time', () => {
    const payment = {
      ...{ id: ID, paymentId: ID, orderId: null, status: 'pending', startAt: AT, minor: null, amount: 7.5 },
      ...{ currency: null, method: null, providerType: null },
    };
    expect(toPaymentItem({ ...payment, counts: 'no' })).toMatchObject({ amount: 7.5, paidAt: null });
    expect(toPaymentItem({ ...payment, counts: 'refunded' }).paidAt).toBe(AT.toISOString());
    expect(
      toPaymentItem({ ...payment, counts: 'paid', minor: 750, currency: 'PLN', amount: null }).amount,
    ).toBe(7.5);
    expect(toPaymentItem({ ...payment, counts: 'paid', minor: 750, amount: null }).amount).toBeNull();
  });

  it('is answered with each of its fields, and no other', () => {
    expect(PaymentItem.parse({ ...ITEM, secret: 1 })).toStrictEqual(ITEM);
    for (const name of Object.keys(ITEM))
      expect(PaymentItem.safeParse({ ...ITEM, [name]: undefined }).success).toBe(false);
    const unknown = { orderId: null, amount: null, currency: null, method: null, providerType: null };
    expect(PaymentItem.parse({ ...ITEM, ...unknown, paidAt: null })).toMatchObject(unknown);
  });
});

describe('a page of payments', () => {
  const PAGE = {
    items: [ITEM],
    totals: [{ currency: 'PLN', paid: 7.5, refunded: 0, payments: 1 }],
    preferredMethod: 'CASH',
    invoicing: null,
  };

  it('has each of its fields, and no other', () => {
    const whole = { ...PAGE, nextCursor: 'more' };
    expect(PaymentPage.parse({ ...whole, secret: 1 })).toStrictEqual(whole);
    for (const name of Object.keys(PAGE))
      expect(PaymentPage.safeParse({ ...PAGE, [name]: undefined }).success).toBe(false);
    expect(PaymentPage.parse({ ...PAGE, preferredMethod: null })).toMatchObject({ preferredMethod: null });
  });
});
