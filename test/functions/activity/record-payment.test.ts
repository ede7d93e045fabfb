import { describe, expect, it } from '@jest/globals';
import { newId } from '#lib/store/customers/add-customer.ts';
import { anOrderDto, aPaymentDto, atMinute, order, pay } from '#test/support/activity.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('record-payment');

const spendOf = async (customerId: string) =>
  (await documentIn(service, 'customer_link', { customerId })).spend;
const paymentsOf = (customerId: string) => documentsIn(service, 'activity', { customerId });

describe('a payment of a customer', () => {
  it('is kept with ids, times, states and the amount in the minor unit, and adds to what was spent', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const sent = aPaymentDto(customer, { paymentDate: '2026-06-02T09:00:00.000Z' });
    expect(await pay(business.businessId, sent, { id: 'p1', time: atMinute(0) })).toBe(0);
    const [kept] = await paymentsOf(customer._id);
    expect(kept).toMatchObject({
      ...{ kind: 'payment', status: 'succeeded', counts: 'paid', minor: 12_050, currency: 'PLN' },
      ...{ method: 'CASH', providerType: 'onSite', startAt: new Date('2026-06-02T09:00:00Z') },
      stamp: `${Date.parse(atMinute(0))}p1`,
    });
    expect(String(kept.orderId)).toBe(sent['orderId']);
    expect(JSON.stringify(kept)).not.toMatch(/canary/i);
    expect(await spendOf(customer._id)).toEqual([
      { currency: 'PLN', paid: 12_050, refunded: 0, payments: 1 },
    ]);
  });

  it('moves what was spent with its state, by currency', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const [one, other] = [aPaymentDto(customer), aPaymentDto(customer, { amount: 1_000, currency: 'JPY' })];
    await pay(business.businessId, { ...one, status: 'pending' }, { time: atMinute(0) });
    expect(await spendOf(customer._id)).toEqual([]);
    await pay(business.businessId, one, { time: atMinute(1) });
    await pay(business.businessId, other, { time: atMinute(1) });
    await pay(business.businessId, { ...one, status: 'refunded' }, { time: atMinute(2) });
    await pay(business.businessId, { ...one, status: 'failed' }, { time: atMinute(1) });
    expect(await spendOf(customer._id)).toEqual([
      { currency: 'JPY', paid: 1_000, refunded: 0, payments: 1 },
      { currency: 'PLN', paid: 12_050, refunded: 12_050, payments: 1 },
    ]);
    await pay(business.businessId, { ...one, state: 'deleted' }, { time: atMinute(3) });
    expect(await spendOf(customer._id)).toEqual([{ currency: 'JPY', paid: 1_000, refunded: 0, payments: 1 }]);
  });

  it('without a currency is kept, and counts in no spend', async () => {
    const business = aBusiness();
    const customer = await added(business);
    await pay(business.businessId, aPaymentDto(customer, { currency: null }));
    expect(await paymentsOf(customer._id)).toMatchObject([{ counts: 'paid', amount: 120.5 }]);
    expect(await spendOf(customer._id)).toEqual([]);
  });

  it('goes to another payer with a newer state', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const sent = aPaymentDto(one);
    await pay(business.businessId, sent, { time: atMinute(0) });
    await pay(business.businessId, { ...sent, payer: other }, { time: atMinute(1) });
    expect(await spendOf(one._id)).toEqual([]);
    expect(await spendOf(other._id)).toHaveLength(1);
    const [left] = await paymentsOf(one._id);
    expect([left.left, left.minor, left.currency]).toEqual([true, undefined, undefined]);
  });

  it('of nobody, or of an anonymous one, is only known to have come', async () => {
    const business = aBusiness();
    const anonymous = { _id: newId(), customerType: 'anonymous', firstName: null };
    for (const payer of [null, anonymous]) expect(await pay(business.businessId, aPaymentDto(payer))).toBe(0);
    const { businessId } = business;
    expect(await countIn(service, 'activity', { businessId })).toBe(0);
    expect(await countIn(service, 'activity_source', { businessId })).toBe(2);
  });
});

it('a payment of an order whose customer was erased makes nobody', async () => {
  const business = aBusiness();
  const customer = await added(business);
  const alias = { ...aCustomer({ email: customer.email }), _id: newId() };
  const booked = anOrderDto([alias]);
  await order(business.businessId, booked);
  expect((await business.erase(customer._id)).status).toBe(200);
  const late = aPaymentDto(alias, { orderId: booked['_id'] });
  expect(await pay(business.businessId, late)).toBe(0);
  const { businessId } = business;
  expect(await countIn(service, 'customer_link', { businessId })).toBe(0);
});

describe('a payment that cannot be read', () => {
  it.each([
    ['with a negative amount', { amount: -1 }],
    ['with an amount that is no number', { amount: '12' }],
    ['with an amount that is not finite', { amount: 1e999 }],
    ['with an amount above 10^12', { amount: 10 ** 12 + 1 }],
    ['with a currency that is none', { currency: 'ZLO' }],
    ['with a currency in small letters', { currency: 'pln' }],
    ['that was paid before 1970', { paymentDate: '1969-01-01T00:00:00.000Z' }],
    ['without an id', { _id: undefined }],
  ])('%s comes back, and writes nothing', async (_what, overrides) => {
    const business = aBusiness();
    await expectNothingWritten(service, async () => {
      expect(await pay(business.businessId, aPaymentDto(null, overrides))).toBe(1);
    });
  });
});
