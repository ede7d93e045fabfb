import { describe, expect, it } from '@jest/globals';
import { paymentFacts } from '#lib/domain/activity/payment.ts';
import { totalsOf } from '#lib/domain/activity/totals.ts';
import { aPayment, atHour } from './samples.ts';

const AT = atHour(9);

describe('a payment counts', () => {
  it.each([
    ['succeeded', 'paid'],
    ['refunded', 'refunded'],
    ['registered', 'no'],
    ['pending', 'no'],
    ['failed', 'no'],
    ['expired', 'no'],
    ['somethingNew', 'no'],
    ['toString', 'no'],
  ])('%s as %s', (status, counts) => {
    expect(paymentFacts(aPayment({ status }), AT).counts).toBe(counts);
    expect(paymentFacts(aPayment({ status }), AT).status).toBe(status);
  });

  it('as nothing when its state is deleted, and its status says so', () => {
    const deleted = paymentFacts(aPayment({ status: 'succeeded', state: 'deleted' }), AT);
    expect([deleted.counts, deleted.status]).toEqual(['no', 'deleted']);
  });

  it('in the minor unit of its currency', () => {
    expect(paymentFacts(aPayment({ paymentDate: atHour(3) }), AT)).toEqual({
      kind: 'payment',
      status: 'succeeded',
      counts: 'paid',
      startAt: atHour(3),
      orderId: 'd'.repeat(24),
      minor: 12_050,
      amount: null,
      currency: 'PLN',
      method: 'CASH',
      providerType: 'onSite',
      hasLeft: false,
    });
  });

  it('no money without a currency, but its amount is kept', () => {
    const facts = paymentFacts(aPayment({ currency: null }), AT);
    expect(facts).toMatchObject({ counts: 'paid', minor: null, amount: 120.5, startAt: AT });
    expect(totalsOf(facts).spend).toEqual([]);
  });

  it('as paid also when it went back', () => {
    const facts = paymentFacts(aPayment({ status: 'refunded' }), AT);
    expect(totalsOf(facts).spend).toEqual([{ currency: 'PLN', paid: 12_050, refunded: 12_050, payments: 1 }]);
  });
});
