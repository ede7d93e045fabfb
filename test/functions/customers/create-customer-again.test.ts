import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('create-customer-again');

describe('POST /api/v1/customer with what somebody else has', () => {
  it.each([
    ['email', 'duplicate-email', { email: 'anna@b.example' }, { email: 'ANNA@B.Example' }],
    ['phone', 'duplicate-phone', { phone: '48512345678' }, { phone: '0048 512-345-678' }],
  ])('answers 409 duplicate for the %s of a live customer, naming it', async (field, code, held, spelt) => {
    const business = aBusiness();
    const existing = await added(business, { ...held, state: 'archived' });
    const answer = await expectRefused(service, () => business.create(aCustomer(spelt)), [409, code]);
    expect(answer.body.existing).toEqual({ _id: existing._id, state: 'archived' });
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: `#/${field}`, error: code }]);
  });

  it('takes the email and phone of a deleted customer', async () => {
    const business = aBusiness();
    const { _id, email, phone } = await added(business);
    await business.delete(_id);
    expect((await business.create(aCustomer({ email, phone }))).status).toBe(201);
  });

  it('takes the email and phone of another business’s customer', async () => {
    const { email, phone } = await added(aBusiness());
    expect((await aBusiness().create(aCustomer({ email, phone }))).status).toBe(201);
  });

  it('takes an email twice where the business switched uniqueness off', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const { email } = await added(business);
    expect((await business.create(aCustomer({ email }))).status).toBe(201);
  });

  it('answers 400 id-taken for the _id of another business, without a word about it', async () => {
    const foreign = await added(aBusiness());
    const request = () => aBusiness().create(aCustomer({ _id: foreign._id }));
    const answer = await expectRefused(service, request, [400, 'id-taken']);
    expect(answer.text).not.toContain(foreign.email);
    expect(answer.body).not.toHaveProperty('existing');
  });
});

describe('POST /api/v1/customer with an _id that the business has', () => {
  const aDraft = () => aCustomer({ _id: aBusinessId() });

  it('answers 200 and the customer as it is, when the first answer was lost', async () => {
    const business = aBusiness();
    const draft = aDraft();
    const first = await business.create(draft);
    const again = await business.create(draft);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(await countIn(service, 'customer_audit', { customerId: first.body._id })).toBe(1);
  });

  it('changes nothing by a body equal to the first, whatever happened since', async () => {
    const business = aBusiness();
    const draft = { ...aDraft(), _id: aBusinessId() };
    await business.create(draft);
    const { body: changed } = await business.change(draft._id, { note: 'changed since', state: 'archived' });
    const again = await business.create({ ...draft, _version: 'ignored' });
    expect([again.status, again.body]).toEqual([200, changed]);
  });

  it('applies another body as PUT does, so that no offline edit is lost', async () => {
    const business = aBusiness();
    const draft = { ...aDraft(), _id: aBusinessId() };
    await business.create(draft);
    const again = await business.create({ _id: draft._id, note: 'from offline', state: 'suspended' });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ ...draft, note: 'from offline', state: 'suspended', _version: '1' });
  });

  it('answers 409 for an illegal move, as PUT does', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'archived' });
    const request = () => business.create(aCustomer({ _id, state: 'suspended' }));
    await expectRefused(service, request, [409, 'illegal-transition']);
  });

  it('leaves a deleted customer deleted, but takes its new fields', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    const history = [{ state: 'active', setAt: '2026-01-01T00:00:00.000Z' }];
    const again = await business.create({ _id, note: 'late', state: 'active', stateHistory: history });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ state: 'deleted', note: 'late' });
  });

  it('creates one customer when the same body comes several times at once', async () => {
    const business = aBusiness();
    const draft = aDraft();
    const answers = await Promise.all(Array.from({ length: 6 }, () => business.create(draft)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});
