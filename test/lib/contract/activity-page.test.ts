import { describe, expect, it } from '@jest/globals';
import { ActivityParameters, momentOrNull, toSpendDto } from '#lib/contract/activity-page.ts';
import { AttendeeDraft, toAttendee } from '#lib/contract/attendee-draft.ts';
import { toOrderItem } from '#lib/contract/orders-dto.ts';
import { toPaymentItem } from '#lib/contract/payments-dto.ts';
import { PreferenceChanges } from '#lib/contract/preferences-dto.ts';

const AT = new Date('2026-01-01T00:00:00.000Z');
const ID = 'a'.repeat(24);

describe('what is asked for', () => {
  it('has twenty entries a page if nothing is said, and at most 200', () => {
    expect(ActivityParameters.parse({})).toEqual({ pageSize: 20 });
    expect(ActivityParameters.parse({ pageSize: '200', from: AT.toISOString() })).toEqual({
      pageSize: 200,
      from: AT,
    });
    for (const wrong of [
      { pageSize: '201' },
      { pageSize: '0' },
      { status: 'x'.repeat(61) },
      { to: '2026-01-01' },
    ])
      expect(ActivityParameters.safeParse(wrong).success).toBe(false);
  });
});

describe('amounts', () => {
  it('are in the major unit of their currency', () => {
    const spend = { paid: 1_250, refunded: 250, payments: 2 };
    expect(toSpendDto({ currency: 'PLN', ...spend })).toEqual({
      currency: 'PLN',
      paid: 12.5,
      refunded: 2.5,
      payments: 2,
    });
    expect(toSpendDto({ currency: 'JPY', ...spend })).toMatchObject({ paid: 1_250, refunded: 250 });
    expect([momentOrNull(AT), momentOrNull(null)]).toEqual([AT.toISOString(), null]);
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
});

describe('an order', () => {
  it('is answered with its times, and null where one is not known', () => {
    const line = { serviceId: null, specialistIds: [ID], status: 'done', startAt: null };
    const order = {
      id: ID,
      orderId: ID,
      status: 'done',
      counts: 'visit' as const,
      startAt: AT,
      endAt: null,
      updatedAt: AT,
    };
    expect(toOrderItem({ ...order, services: [line] })).toEqual({
      ...{ orderId: ID, status: 'done', counts: 'visit', startAt: AT.toISOString(), endAt: null },
      ...{ services: [line], updatedAt: AT.toISOString() },
    });
  });
});

describe('an attendee', () => {
  const NOBODY = { id: null, customerType: null, firstName: null, lastName: null, email: null, phone: null };

  it('is the customer in it, or the bare person', () => {
    const customer = { _id: ID.toUpperCase(), customerType: 'new', firstName: 'Canary' };
    const sent = AttendeeDraft.parse({ _id: 'b'.repeat(24), customer });
    expect(toAttendee(sent)).toEqual({ ...NOBODY, id: ID, customerType: 'new', firstName: 'Canary' });
    const bare = AttendeeDraft.parse({ _id: ID, lastName: 'Canary', email: 'a@canary.example', phone: '' });
    expect(toAttendee(bare)).toEqual({
      ...{ ...NOBODY, id: ID, lastName: 'Canary', email: 'a@canary.example', phone: '' },
    });
    expect(toAttendee(AttendeeDraft.parse({}))).toEqual(NOBODY);
  });

  it('is not both', () => {
    for (const name of ['firstName', 'lastName', 'email', 'phone'])
      expect(AttendeeDraft.safeParse({ customer: {}, [name]: 'x' }).success).toBe(false);
    expect(AttendeeDraft.safeParse({ customer: {}, note: 'x', firstTime: true }).success).toBe(true);
    expect(AttendeeDraft.safeParse({ iban: 'x' }).success).toBe(false);
  });
});

describe('the language of a customer', () => {
  it.each(['pl', 'uk', 'DE', 'yue', 'de-AT', 'zh-Hant', 'zh-Hant-TW', 'es-419'])('may be %s', (language) => {
    expect(PreferenceChanges.safeParse({ language }).success).toBe(true);
  });

  it.each(['', 'p', 'polski', 'pl_PL', 'pl-', 'de-AUT', 'de-AT-', ' pl'])('is not %j', (language) => {
    expect(PreferenceChanges.safeParse({ language }).success).toBe(false);
  });
});
