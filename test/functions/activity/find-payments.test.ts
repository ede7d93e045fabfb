import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { anId, hour, setTotals, store, type StoredActivity } from '#test/support/stored-activity.ts';
import { useService } from '#test/support/service.ts';

const service = useService('find-payments');
const INVOICING = {
  name: 'Canary Ltd',
  taxId: 'PL 1',
  address: 'Canary 1',
  email: 'canary-books@example.com',
};

const aCustomerWith = async (business: Business, payments: readonly StoredActivity[]) => {
  const { _id: customerId } = await added(business);
  return { _id: customerId, paymentIds: await store(service, { business, customerId }, 'payment', payments) };
};

const paymentIdsIn = ({ body }: { body: any }): string[] => body.items.map(({ paymentId }: any) => paymentId);

describe('the payments of a customer', () => {
  it('are answered in major units, newest first', async () => {
    const business = aBusiness();
    const orderId = anId();
    const { _id, paymentIds } = await aCustomerWith(business, [
      { startAt: hour(1), minor: 1_250, orderId: new Types.ObjectId(orderId), providerType: 'onSite' },
      {
        startAt: hour(2),
        minor: 500,
        currency: 'JPY',
        method: 'CARD',
        status: 'refunded',
        counts: 'refunded',
      },
      { startAt: hour(3), minor: undefined, amount: 7.5, currency: undefined, method: undefined },
      { startAt: hour(4), status: 'pending', counts: 'no' },
    ]);
    const { status, body } = await business.payments(_id);
    const [first, second, third, fourth] = paymentIds;
    const NOTHING = { orderId: null, providerType: null };
    expect([status, body.items]).toEqual([
      200,
      [
        {
          ...{
            ...NOTHING,
            paymentId: fourth,
            status: 'pending',
            amount: 10,
            currency: 'PLN',
            method: 'CASH',
          },
          paidAt: null,
        },
        {
          ...{ ...NOTHING, paymentId: third, status: 'succeeded', amount: 7.5, currency: null, method: null },
          paidAt: '2026-01-01T03:00:00.000Z',
        },
        {
          ...{
            ...NOTHING,
            paymentId: second,
            status: 'refunded',
            amount: 500,
            currency: 'JPY',
            method: 'CARD',
          },
          paidAt: '2026-01-01T02:00:00.000Z',
        },
        {
          ...{
            paymentId: first,
            orderId,
            status: 'succeeded',
            amount: 12.5,
            currency: 'PLN',
            method: 'CASH',
          },
          ...{ providerType: 'onSite', paidAt: '2026-01-01T01:00:00.000Z' },
        },
      ],
    ]);
  });

  it('come with what was paid in each currency, the method of most, and whom to invoice; on each page', async () => {
    const business = aBusiness();
    const methods = ['CARD', 'CASH', 'CARD', 'CRYPTO', 'CRYPTO', 'CRYPTO'];
    const { _id } = await aCustomerWith(
      business,
      methods.map((method, index) => ({
        ...{ startAt: hour(index), method },
        ...(method === 'CRYPTO' && { status: 'failed', counts: 'no' }),
      })),
    );
    await setTotals(service, _id, {
      spend: [{ currency: 'PLN', paid: 3_000, refunded: 1_000, payments: 3 }],
    });
    await business.prefer(_id, { invoicing: INVOICING });
    const said = {
      totals: [{ currency: 'PLN', paid: 30, refunded: 10, payments: 3 }],
      preferredMethod: 'CARD',
      invoicing: INVOICING,
    };
    const first = (await business.payments(_id, { pageSize: '5' })).body;
    expect(first).toMatchObject(said);
    expect((await business.payments(_id, { pageSize: '5', cursor: first.nextCursor })).body).toEqual({
      items: [expect.objectContaining({ method: 'CARD', paidAt: '2026-01-01T00:00:00.000Z' })],
      ...said,
    });
  });

  it('are none for who paid nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.payments(_id)).body).toEqual({
      ...{ items: [], totals: [], preferredMethod: null, invoicing: null },
    });
  });

  it('are chosen by method, status and time', async () => {
    const business = aBusiness();
    const { _id, paymentIds } = await aCustomerWith(business, [
      { startAt: hour(1), method: 'CARD' },
      { startAt: hour(2), method: 'CASH' },
      { startAt: hour(3), method: 'CARD', status: 'failed', counts: 'no' },
    ]);
    const chosen = async (query: Record<string, string>) =>
      paymentIdsIn(await business.payments(_id, query)).map((id) => paymentIds.indexOf(id));
    expect(await chosen({ method: 'CARD' })).toEqual([2, 0]);
    expect(await chosen({ method: 'CARD', status: 'succeeded' })).toEqual([0]);
    expect(await chosen({ from: '2026-01-01T02:00:00Z' })).toEqual([2, 1]);
    expect(await chosen({ to: '2026-01-01T02:00:00Z' })).toEqual([0]);
  });

  it('of a survivor are its own and those of its losers', async () => {
    const business = aBusiness();
    const survivor = await aCustomerWith(business, [{ startAt: hour(1), method: 'CARD' }]);
    const loser = await aCustomerWith(business, [
      { startAt: hour(0), method: 'CASH' },
      { startAt: hour(2), method: 'CASH' },
    ]);
    await business.merge(survivor._id, { loserId: loser._id });
    for (const { _id } of [survivor, loser]) {
      const answer = await business.payments(_id);
      expect(paymentIdsIn(answer)).toEqual([
        loser.paymentIds[1],
        survivor.paymentIds[0],
        loser.paymentIds[0],
      ]);
      expect(answer.body.preferredMethod).toBe('CASH');
    }
  });
});
