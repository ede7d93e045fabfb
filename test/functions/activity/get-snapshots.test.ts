import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { accessesBy } from '#test/support/access-lines.ts';
import { anId, hour, setTotals, store } from '#test/support/stored-activity.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { connect } from '#lib/store/database/connection.ts';

const service = useService('get-snapshots');

/** How many commands reach the database while the steps run. */
const roundTripsOf = async (steps: () => Promise<unknown>): Promise<number> => {
  const client = (await connect()).getClient();
  let sent = 0;
  const hear = () => {
    sent += 1;
  };
  client.on('commandStarted', hear);
  await steps();
  client.off('commandStarted', hear);
  return sent;
};

describe('copies of several customers', () => {
  it('are answered in the order of the ids, one result each; nothing is written', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const customerIds = [other._id, anId(), one._id.toUpperCase(), other._id];
    const { status, body } = await expectNothingWritten(service, () => business.snapshots({ customerIds }));
    expect([
      status,
      body.results.map((result: any) => [result.status, result.attendee?.customer._id]),
    ]).toEqual([
      200,
      [
        [200, other._id],
        [404, undefined],
        [200, one._id],
        [200, other._id],
      ],
    ]);
    const { attendee } = body.results[0];
    expect(attendee).toEqual({ ...(await business.snapshot(other._id)).body, takenAt: attendee.takenAt });
    expect(body.results[1].error).toMatchObject({ status: 404, code: 'customer-not-found' });
  });

  it('say of each who comes for the first time, the order itself left out', async () => {
    const business = aBusiness();
    const [first, returning, fresh] = [await added(business), await added(business), await added(business)];
    const orderId = anId();
    for (const [{ _id: customerId }, hours] of [
      [first, [5]],
      [returning, [5, 4]],
    ] as const) {
      const orders = hours.map((number) => ({
        startAt: hour(number),
        ...(number === 5 && { sourceId: orderId }),
      }));
      await store(service, { business, customerId }, 'order', orders);
      await setTotals(service, customerId, { firstOrderAt: hour(Math.min(...hours)) });
    }
    const customerIds = [first, returning, fresh].map(({ _id }) => _id);
    const firstTimes = async (more: object) =>
      (await business.snapshots({ customerIds, ...more })).body.results.map(
        ({ attendee }: any) => attendee.firstTime,
      );
    expect(await firstTimes({})).toEqual([false, false, true]);
    expect(await firstTimes({ exceptOrder: orderId })).toEqual([true, false, true]);
    expect(await firstTimes({ exceptOrder: orderId, at: hour(4).toISOString() })).toEqual([true, true, true]);
  });

  it('are those of payers if asked so', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { body } = await business.snapshots({ customerIds: [customer._id], as: 'payer' });
    expect(body.results).toEqual([{ status: 200, payer: { payer: customer, takenAt: expect.any(String) } }]);
  });

  it('are the survivor’s for merged ids, and nothing of another business', async () => {
    const business = aBusiness();
    const [survivor, middle, loser] = [await added(business), await added(business), await added(business)];
    await business.merge(middle._id, { loserId: loser._id });
    await business.merge(survivor._id, { loserId: middle._id });
    const { _id: foreign } = await added(aBusiness());
    const customerIds = [loser._id, foreign, survivor._id, middle._id];
    const { results } = (await business.snapshots({ customerIds })).body;
    expect(results.map(({ attendee }: any) => attendee?.customer._id)).toEqual([
      survivor._id,
      undefined,
      survivor._id,
      survivor._id,
    ]);
  });

  it('of 100 customers take as many round trips as that of one', async () => {
    const business = aBusiness();
    const ids = await addMany(business.businessId, 100, (index) => ({ firstName: `Canary${String(index)}` }));
    const exceptOrder = anId();
    const trips = (customerIds: readonly string[]) =>
      roundTripsOf(async () => {
        const { body } = await business.snapshots({ customerIds, exceptOrder });
        expect(body.results.every(({ status }: any) => status === 200)).toBe(true);
      });
    await trips(ids.slice(0, 1));
    expect(await trips(ids)).toBe(await trips(ids.slice(0, 1)));
  });

  it('are one line of the access log, of a read, that names each customer once', async () => {
    const business = aBusiness({ role: 'SERVICE' });
    const owner = business.as({ role: 'OWNER' });
    const [one, other] = [await added(owner), await added(owner)];
    const customerIds = [one._id, other._id, anId(), one._id];
    const lines = await accessesBy(() => business.snapshots({ customerIds }));
    expect(lines).toMatchObject([
      { useCase: 'get-snapshots', purpose: 'serve-order', outcome: 'read', customers: [one._id, other._id] },
    ]);
    expect(lines).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it.each([
    ['no ids', {}, 'invalid-request', '#/customerIds'],
    ['an empty list', { customerIds: [] }, 'invalid-request', '#/customerIds'],
    ['101 ids', { customerIds: Array.from({ length: 101 }, anId) }, 'invalid-request', '#/customerIds'],
    ['an id that is none', { customerIds: [anId(), 'x'] }, 'invalid-request', '#/customerIds/1'],
    ['another use', { customerIds: [anId()], as: 'guest' }, 'invalid-request', '#/as'],
    ['an unknown field', { customerIds: [anId()], fields: [] }, 'unknown-field', '#/fields'],
  ])('400 for %s, naming the place', async (_what, sent, code, pointer) => {
    const { body } = await expectRefused(service, () => aBusiness().snapshots(sent), [400, code]);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('400 page-too-large for more than one answer can hold, with a number of ids that fits', async () => {
    const business = aBusiness();
    const note = 'ł'.repeat(20_000);
    const customerIds = await addMany(business.businessId, 2, () => ({ firstName: 'Canary', note }));
    const many = Array.from({ length: 100 }, (_, index) => customerIds[index % 2]!);
    // Two bytes each: 100 notes fit. With three bytes, they do not.
    expect((await business.snapshots({ customerIds: many })).status).toBe(200);
    for (const id of customerIds) await business.change(id, { note: '€'.repeat(20_000) });
    const { body } = await expectRefused(service, () => business.snapshots({ customerIds: many }), [
      400,
      'page-too-large',
    ]);
    const fitting = many.slice(0, body.fittingPageSize);
    expect((await business.snapshots({ customerIds: fitting })).status).toBe(200);
  });
});
