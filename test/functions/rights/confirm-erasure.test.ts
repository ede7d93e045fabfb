import { describe, expect, it } from '@jest/globals';
import { handler } from '#functions/rights/confirm-erasure/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { isAccessLine } from '#test/support/access-lines.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { aCloudEvent, aMessage, bodyOf, deliver } from '#test/support/queue-messages.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { expectNothingWritten, whatIsStored } from '#test/support/stored.ts';

const service = useService('confirm-erasure');

const erased = async (business: Business): Promise<string> => {
  const { _id } = await added(business);
  await business.erase(_id, { reason: 'a wish' });
  return _id;
};

const confirming = (business: Business, erasureId: unknown, overrides = {}) =>
  aMessage(
    bodyOf(
      aCloudEvent({
        source: 'example.invoices',
        type: 'beeoclock.customer.erasure-confirmed.v1',
        time: '2026-11-29T08:00:00.000Z',
        businessid: business.businessId,
        data: { erasureId },
        ...overrides,
      }),
    ),
  );

const confirmedBy = async (business: Business, id: string) =>
  (await business.erasure(id)).body.confirmedBy as unknown;

describe('beeoclock.customer.erasure-confirmed.v1', () => {
  it('adds the service and its time to the receipt', async () => {
    const business = aBusiness();
    const id = await erased(business);
    expect(await deliver(handler, [confirming(business, id)])).toEqual([]);
    expect(await confirmedBy(business, id)).toEqual([
      { service: 'example.invoices', at: '2026-11-29T08:00:00.000Z' },
    ]);
  });

  it('takes the id in any letter case', async () => {
    const business = aBusiness();
    const id = await erased(business);
    await deliver(handler, [confirming(business, id.toUpperCase())]);
    expect(await confirmedBy(business, id)).toHaveLength(1);
  });

  it('writes nothing the second time, also as another event with another time', async () => {
    const business = aBusiness();
    const id = await erased(business);
    const sent = confirming(business, id);
    await deliver(handler, [sent]);
    const later = confirming(business, id, { time: '2026-11-29T09:00:00.000Z' });
    await expectNothingWritten(service, () => deliver(handler, [sent, later]));
    expect(await confirmedBy(business, id)).toEqual([
      { service: 'example.invoices', at: '2026-11-29T08:00:00.000Z' },
    ]);
  });

  it('keeps every service when several confirm at once', async () => {
    const business = aBusiness();
    const id = await erased(business);
    const sources = ['example.a', 'example.b', 'example.c', 'example.d'];
    await Promise.all(sources.map((source) => deliver(handler, [confirming(business, id, { source })])));
    const found = (await confirmedBy(business, id)) as { service: string }[];
    expect(found.map((one) => one.service).sort()).toEqual(sources);
  });

  it.each([
    ['an unknown erasure', () => Promise.resolve(aBusinessId())],
    ['a customer who was not erased', async (business: Business) => (await added(business))._id],
    ['an erasure of another business', () => erased(aBusiness())],
    ['no id', () => Promise.resolve('canary')],
  ])('is given back and writes nothing for %s', async (_what, idOf) => {
    const business = aBusiness();
    const sent = confirming(business, await idOf(business));
    const given = await expectNothingWritten(service, () => deliver(handler, [sent]));
    expect(given).toEqual([sent.messageId]);
  });

  it('is not heard from this service itself', async () => {
    const business = aBusiness();
    const sent = confirming(business, await erased(business), { source: 'beeoclock.customer' });
    expect(await deliver(handler, [sent])).toEqual([sent.messageId]);
  });

  it('has one access line, with the erased customer', async () => {
    const business = aBusiness();
    const id = await erased(business);
    const sent = confirming(business, id);
    const lines = await linesWrittenBy(() => deliver(handler, [sent]));
    expect(lines.filter(isAccessLine).map((line) => JSON.parse(line))).toMatchObject([
      {
        useCase: 'confirm-erasure',
        purpose: 'honour-privacy-rights',
        actor: 'event:example.invoices',
        role: 'SERVICE',
        business: business.businessId,
        outcome: 'changed',
        customers: [id],
      },
    ]);
  });

  it('changes the record of the erasure and nothing else', async () => {
    const business = aBusiness();
    const id = await erased(business);
    const before = await whatIsStored(service);
    await deliver(handler, [confirming(business, id)]);
    const after = await whatIsStored(service);
    const changed = [...after].filter((stored) => !before.has(stored));
    expect(changed.map((stored) => stored.split(' ')[0])).toEqual(['erasure']);
    expect(after.size).toBe(before.size);
  });
});
