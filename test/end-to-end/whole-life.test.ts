import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { aClientId, serveBundles, type Served } from '#test/support/served.ts';

const path = '/api/v1/customer';
const DAY_MS = 24 * 60 * 60 * 1_000;

describe('one customer’s whole life', () => {
  let served: Served;
  let id = '';
  let etag = '';

  beforeAll(async () => {
    served = await serveBundles('life');
  }, 120_000);
  afterAll(() => served.stop());

  const expectVersion = (answer: { headers: Headers; body: any }) => {
    etag = answer.headers.get('etag') ?? '';
    expect(etag).toBe(`"${String(answer.body._version)}"`);
  };

  it('begins in a business that chose its settings', async () => {
    const put = await served.request('PUT', `${path}/settings`, { body: { retentionDays: 30 } });
    expect([put.status, put.body]).toEqual([
      200,
      {
        regularRequires: 'email-and-phone',
        uniqueEmail: true,
        uniquePhone: true,
        archiveAfterDays: null,
        defaultCountry: 'PL',
        retentionDays: 30,
      },
    ]);
    expect((await served.request('GET', `${path}/settings`)).body).toEqual(put.body);
  });

  it('is created, with its Location and ETag', async () => {
    const body = aCustomer({ firstName: 'Ольга', lastName: 'Müller-Lüdenscheidt' });
    const create = (sent: object) =>
      served.request('POST', path, { body: sent, headers: { 'idempotency-key': 'life-1' } });
    const answer = await create(body);
    expect(answer.status).toBe(201);
    id = answer.body._id;
    expect(answer.headers.get('location')).toBe(`${path}/${id}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expectVersion(answer);

    const replayed = await create(body);
    expect([replayed.status, replayed.text]).toEqual([201, answer.text]);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    const reused = await create({ ...body, note: 'another' });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('is read, found by phrase and looked up', async () => {
    const read = await served.request('GET', `${path}/${id}`);
    expect(read.status).toBe(200);
    const found = await served.request('GET', `${path}/paged?phrase=${encodeURIComponent('ольга lüden')}`);
    expect(found.body).toEqual({ items: [read.body], totalSize: 1 });
    const lookedUp = await served.request(
      'GET',
      `${path}/lookup?email=${encodeURIComponent(read.body.email)}`,
    );
    expect(lookedUp.body).toEqual(read.body);
  });

  it('is changed by PUT, and by PATCH only with its version', async () => {
    const put = await served.request('PUT', `${path}/${id}`, { body: { note: 'by put' } });
    expect(put.body.note).toBe('by put');
    expectVersion(put);
    const unversioned = await served.request('PATCH', `${path}/${id}`, { body: { note: null } });
    expect([unversioned.status, unversioned.body.code]).toEqual([428, 'version-required']);
    const stale = await served.request('PATCH', `${path}/${id}`, {
      body: { note: null },
      headers: { 'if-match': '"0"', 'content-type': 'application/merge-patch+json' },
    });
    expect([stale.status, stale.body.code, stale.headers.get('etag')]).toEqual([412, 'stale-version', etag]);
    const patched = await served.request('PATCH', `${path}/${id}`, {
      body: { note: null },
      headers: { 'if-match': etag, 'content-type': 'application/merge-patch+json' },
    });
    expect([patched.status, patched.body.note]).toEqual([200, null]);
    expectVersion(patched);
  });

  it('moves through its states, and refuses what is no transition', async () => {
    const archived = await served.request('POST', `${path}/${id}/state`, {
      body: { state: 'archived', reason: 'moved away' },
      headers: { 'if-match': etag },
    });
    expect([archived.status, archived.body.state]).toEqual([200, 'archived']);
    expectVersion(archived);
    const refused = await served.request('POST', `${path}/${id}/state`, {
      body: { state: 'suspended' },
      headers: { 'if-match': etag },
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'illegal-transition']);
    const panel = await served.request('PUT', `${path}/${id}`, { body: { state: 'inactive' } });
    expect([panel.status, panel.body.code]).toEqual([409, 'illegal-transition']);
  });

  it('is deleted twice with one answer, and restored to where it was', async () => {
    const once = await served.request('DELETE', `${path}/${id}`);
    const twice = await served.request('DELETE', `${path}/${id}`);
    expect([once.status, once.body]).toEqual([200, { _id: id, state: 'deleted' }]);
    expect([twice.status, twice.body]).toEqual([200, { _id: id, state: 'deleted' }]);
    const restored = await served.request('POST', `${path}/${id}/restore`);
    expect([restored.status, restored.body.state]).toEqual([200, 'archived']);
  });

  it('has a history that is verified, with names of fields and never values', async () => {
    const { body } = await served.request('GET', `${path}/${id}/history`);
    expect(body.verified).toBe(true);
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      'create-customer',
      'change-customer',
      'patch-customer',
      'set-customer-state',
      'delete-customer',
      'restore-customer',
    ]);
    expect(body.items[3]).toMatchObject({ from: 'active', to: 'archived', reason: 'moved away' });
    expect(JSON.stringify(body)).not.toContain('by put');
  });

  it('is purged by the schedule when its time has come and no hold keeps it, and its id is never given again', async () => {
    await served.request('DELETE', `${path}/${id}`);
    const early = await runPurge();
    expect(early).toMatchObject({ outcome: 'finished', purged: 0 });
    const links = served.database.collection('customer_link');
    const kept = Number((await links.findOne({}))?.['purgeAfter']) - Date.now();
    expect(Math.round(kept / DAY_MS)).toBe(30);
    await links.updateOne({}, { $set: { purgeAfter: new Date(0) } });
    const hold = { body: { reason: 'a case at court' } };
    expect((await served.request('PUT', `${path}/${id}/legal-hold`, hold)).status).toBe(200);
    const held = await served.request('GET', `${path}/${id}/legal-hold`);
    expect(held.body).toMatchObject({ _id: id, legalHold: true, ...hold.body });
    expect(await runPurge()).toMatchObject({ outcome: 'finished', purged: 0 });
    const released = await served.request('DELETE', `${path}/${id}/legal-hold`);
    expect([released.status, released.body]).toEqual([200, { _id: id, legalHold: false }]);
    expect(await runPurge()).toMatchObject({ outcome: 'finished', purged: 1 });
    expect((await served.request('GET', `${path}/${id}`)).status).toBe(404);
    const again = await served.request('POST', path, { body: aCustomer({ _id: id }) });
    expect([again.status, again.body.code]).toEqual([400, 'id-taken']);
    const sync = await served.request('GET', `${path}/paged?updatedSince=2020-01-01T00:00:00.000Z`);
    expect(sync.body.items).toMatchObject([
      { _id: id, state: 'deleted', email: null, phone: null, firstName: null },
    ]);
    expect(sync.body.resyncRequired).toBe(true);
  });

  const runPurge = async () => {
    const answer = await fetch(`${served.gateway.url}/_local/schedules/purge-deleted-customers/run`, {
      method: 'POST',
    });
    return await answer.json();
  };
});

const listed = ({ headers }: { headers: Headers }, name: string): string[] =>
  (headers.get(name) ?? '').split(',').map((word) => word.trim());

describe('around every route', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serveBundles('around');
  }, 120_000);
  afterAll(() => served.stop());

  it.each([
    ['no token', null],
    ['a token that is none', 'not-a-token'],
  ])('answers the gateway’s own 401 to %s', async (_what, token) => {
    const answer = await served.request('GET', `${path}/paged`, { token });
    expect([answer.status, answer.body]).toEqual([401, { message: 'Unauthorized' }]);
  });

  it.each([
    ['expired', { exp: 1 }],
    ['for somebody else', { aud: 'another-service' }],
    ['of another issuer', { iss: 'https://elsewhere.example.com/' }],
  ])('answers 401 to a token that is %s', async (_what, claims) => {
    const token = served.gateway.token({ businessId: served.businessId, role: 'OWNER', claims });
    expect((await served.request('GET', `${path}/paged`, { token })).status).toBe(401);
  });

  it('answers the gateway’s own 404 where there is no route', async () => {
    const answer = await served.request('GET', '/api/v1/nowhere');
    expect([answer.status, answer.body]).toEqual([404, { message: 'Not Found' }]);
  });

  it('serves the contract without a token', async () => {
    const answer = await served.request('GET', '/api/v1/openapi.json', { token: null });
    expect([answer.status, answer.body.openapi]).toEqual([200, '3.1.0']);
  });

  it('answers a preflight of the panel, and shows it the headers it needs', async () => {
    const origin = 'https://panel.example.com';
    const asked = ['authorization', 'content-type', 'x-business-tenant-id', 'if-match', 'idempotency-key'];
    const preflight = await fetch(`${served.gateway.url}${path}/${aClientId()}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': asked.join(','),
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(listed(preflight, 'access-control-allow-methods')).toContain('PUT');
    expect(listed(preflight, 'access-control-allow-headers')).toEqual(expect.arrayContaining(asked));
    const answer = await served.request('GET', `${path}/settings`, { headers: { origin } });
    expect(listed(answer, 'access-control-expose-headers')).toEqual(
      expect.arrayContaining(['etag', 'location', 'retry-after', 'idempotent-replayed', 'x-request-id']),
    );
  });

  it('answers errors that both readers understand', async () => {
    const answer = await served.request('POST', path, {
      body: { firstName: 'x', email: 'Anna.com', phone: '12' },
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status: 400,
      statusCode: 400,
      title: 'Invalid request',
      error: 'Invalid request',
      code: 'invalid-request',
      errors: [
        { in: 'body', pointer: '#/email', error: 'email-format' },
        { in: 'body', pointer: '#/phone', error: 'phone-format' },
      ],
    });
    expect(answer.body.message).toBe(answer.body.detail);
    expect(answer.text).not.toContain('Anna.com');
  });
});
