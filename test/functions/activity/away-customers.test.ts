import { describe, expect, it } from '@jest/globals';
import { anOrderDto, atMinute, order } from '#test/support/activity.ts';
import { archived, keep, useArchive } from '#test/support/archived.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { useService } from '#test/support/service.ts';
import { documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('away-customers');
useObjectEndpoint();
useArchive();

describe('an order of a customer that the archive has', () => {
  it('is kept and counted, and asks for the customer to come back', async () => {
    const business = aBusiness();
    await business.chooseSettings({ archiveAfterDays: 1 });
    const customer = await archived(service, business, { note: 'canary secret' });
    await order(business.businessId, anOrderDto([customer]), { time: atMinute(0) });
    await keep();
    expect((await business.get(customer._id)).body.note).toBeNull();
    await order(business.businessId, anOrderDto([customer]), { time: atMinute(1) });
    expect(await documentIn(service, 'archive', { _id: customer._id })).toMatchObject({ asked: true });
    expect(await documentsIn(service, 'activity', { customerId: customer._id })).toHaveLength(2);
    await business.chooseSettings({ archiveAfterDays: null });
    await keep();
    expect((await business.get(customer._id)).body.note).toBe('canary secret');
    const link = await documentIn(service, 'customer_link', { customerId: customer._id });
    expect([link.orderCount, link.away]).toEqual([2, undefined]);
  });
});
