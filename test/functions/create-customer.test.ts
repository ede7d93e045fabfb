import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';

const service = useService('create-customer');

describe('POST /api/v1/customer', () => {
  it('answers 201 with the customer, its ETag and its Location', async () => {
    const business = aBusiness();
    const answer = await business.create(aCustomer());
    expect(answer.status).toBe(201);
  });
  it('answers 400 duplicate-email when a live customer of the business has it', async () => {
    const business = aBusiness();
    const existing = await added(business, { email: 'a@b.example' });
    const answer = await expectRefused(service, () => business.create(aCustomer({ email: 'A@B.example' })), [400, 'duplicate-email']);
    expect(answer.body.existing).toEqual({ _id: existing._id, state: 'active' });
  });
});
