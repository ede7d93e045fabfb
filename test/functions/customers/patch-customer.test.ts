import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('patch-customer');
const naming = (tag: string) => ({ headers: { 'if-match': tag } });

describe('PATCH /api/v1/customer/{id}', () => {
  it('merges the patch: what is there is set, null clears, the rest stays', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { status, headers, body } = await business.patch(
      before._id,
      { firstName: null, lastName: 'Nowak' },
      naming('"0"'),
    );
    expect([status, headers['etag']]).toEqual([200, '"1"']);
    expect(body).toMatchObject({
      firstName: null,
      lastName: 'Nowak',
      email: before.email,
      note: before.note,
    });
    const [, entry] = await documentsIn(service, 'customer_audit', { customerId: before._id });
    expect(entry).toMatchObject({ action: 'patch-customer', fields: ['firstName', 'lastName'] });
  });

  it('takes application/merge-patch+json', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const headers = { 'if-match': '"0"', 'content-type': 'application/merge-patch+json' };
    expect((await business.patch(_id, { note: 'merged' }, { headers })).body.note).toBe('merged');
  });

  it('changes nothing by an empty patch', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { body } = await expectNothingWritten(service, () => business.patch(before._id, {}));
    expect(body).toEqual(before);
  });

  it('answers 428 without If-Match', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const request = () => business.patch(_id, { note: 'x' }, { headers: {} });
    await expectRefused(service, request, [428, 'version-required']);
  });

  it('answers 412 with the current ETag when somebody changed it since', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.change(_id, { note: 'first' });
    const request = () => business.patch(_id, { note: 'second' }, naming('"0"'));
    const answer = await expectRefused(service, request, [412, 'stale-version']);
    expect(answer.headers['etag']).toBe('"1"');
  });

  it('answers 409 on a deleted customer', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'deleted' });
    const request = () => business.patch(_id, { note: 'x' });
    await expectRefused(service, request, [409, 'illegal-transition']);
  });

  it('answers 409 for an illegal move', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'archived' });
    const request = () => business.patch(_id, { state: 'suspended' });
    await expectRefused(service, request, [409, 'illegal-transition']);
  });

  it('answers 409 duplicate-email for the email of another live customer', async () => {
    const business = aBusiness();
    const { email } = await added(business);
    const { _id } = await added(business);
    await expectRefused(service, () => business.patch(_id, { email }), [409, 'duplicate-email']);
  });

  it('answers 400 for a field that breaks a rule', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await expectRefused(service, () => business.patch(_id, { email: 'no' }), [400, 'invalid-request']);
  });

  it.each([
    ['an unknown id', () => aBusinessId()],
    ['another business’s customer', async () => (await added(aBusiness()))._id],
  ])('answers 404 for %s', async (_what, idOf) => {
    const id = await idOf();
    await expectRefused(service, () => aBusiness().patch(id, { note: 'x' }), [404, 'customer-not-found']);
  });
});
