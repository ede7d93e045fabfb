import { describe, expect, it } from '@jest/globals';
import { ROLES } from '#lib/domain/access/scope.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { arranged, goodRequest, handlerOf, routeNames } from '#test/support/routes.ts';
import { call, useService } from '#test/support/service.ts';

const service = useService('who-may-call');

const READERS = ROLES;
const EDITORS = ['OWNER', 'ADMIN', 'SPECIALIST'];
/** contract.md's table of roles, spelt out by route. */
const MAY_CALL: Readonly<Record<string, readonly string[]>> = {
  'apply-operations': EDITORS,
  'change-customer': EDITORS,
  'change-segment': ['OWNER', 'ADMIN'],
  'change-settings': ['OWNER', 'ADMIN'],
  'create-customer': EDITORS,
  'create-segment': ['OWNER', 'ADMIN'],
  'delete-customer': EDITORS,
  'delete-segment': ['OWNER', 'ADMIN'],
  'find-customers': READERS,
  'find-duplicates': READERS,
  'find-recipients': ['OWNER', 'ADMIN', 'SERVICE'],
  'find-segments': ['OWNER', 'ADMIN', 'SERVICE'],
  'find-attendees': ['OWNER', 'ADMIN', 'SERVICE'],
  'find-orders': READERS,
  'find-payments': READERS,
  'get-consents': READERS,
  'get-customer': READERS,
  'get-customer-history': ['OWNER', 'ADMIN', 'PRIVACY'],
  'get-customer-statistics': READERS,
  'erase-customer': ['OWNER', 'ADMIN', 'PRIVACY'],
  'export-customer': ['OWNER', 'ADMIN', 'PRIVACY'],
  'get-erasure': ['OWNER', 'ADMIN', 'PRIVACY'],
  'get-legal-hold': ['OWNER', 'ADMIN', 'PRIVACY'],
  'get-segment': ['OWNER', 'ADMIN', 'SERVICE'],
  'get-preferences': READERS,
  'get-settings': ['OWNER', 'ADMIN'],
  'get-snapshot': ['OWNER', 'ADMIN', 'SERVICE'],
  'get-snapshots': ['OWNER', 'ADMIN', 'SERVICE'],
  'look-up-customer': READERS,
  'merge-customer': ['OWNER', 'ADMIN'],
  'patch-customer': EDITORS,
  'place-legal-hold': ['OWNER', 'ADMIN', 'PRIVACY'],
  'release-legal-hold': ['OWNER', 'ADMIN', 'PRIVACY'],
  'recall-customer': ['OWNER', 'ADMIN', 'SPECIALIST', 'PRIVACY'],
  'record-consents': ['OWNER', 'ADMIN', 'SPECIALIST', 'PRIVACY', 'SERVICE'],
  'restore-customer': EDITORS,
  'set-customer-state': EDITORS,
  'set-preferences': EDITORS,
  'tell-first-time': READERS,
  'unmerge-customer': ['OWNER', 'ADMIN'],
};
const cells = routeNames.flatMap((name) => ROLES.map((role) => [role, name] as const));
const isAllowed = ([role, name]: readonly [string, string]) => MAY_CALL[name]?.includes(role) === true;

describe('a role', () => {
  it('is decided for every route', () => {
    expect(Object.keys(MAY_CALL).sort()).toEqual([...routeNames].sort());
  });

  it.each(cells.filter(isAllowed))('%s may call %s', async (role, name) => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const request = name === 'look-up-customer' ? { query: { email } } : await arranged(name, business, _id);
    const { status } = await call(await handlerOf(name), { ...business, ...request, role });
    expect([200, 201]).toContain(status);
  });

  it.each(cells.filter((cell) => !isAllowed(cell)))('%s may not call %s: 403', async (role, name) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const handler = await handlerOf(name);
    const request = () => call(handler, { ...business, ...goodRequest(name, _id), role });
    await expectRefused(service, request, [403, 'not-permitted']);
  });
});

describe('a member of several businesses', () => {
  it('works in the one that the header selects, whatever its letter case, with the role there', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    const { _id } = await added(one);
    const claims = { sub: 'u', business_roles: `${one.businessId}:SUPPORT ${other.businessId}:OWNER` };
    const inOne = { claims, businessId: one.businessId.toUpperCase() };
    expect((await one.get(_id, inOne)).status).toBe(200);
    expectProblem(await one.change(_id, { note: 'x' }, inOne), 403, 'not-permitted');
    expect((await other.create(undefined, { claims })).status).toBe(201);
    expectProblem(await other.get(_id, { claims }), 404, 'customer-not-found');
  });
});

describe('SUPPORT', () => {
  const MASKED = { email: 'a•••@•••.com', phone: '•••78', note: '•••' };
  const OPEN = { email: 'anna@example.com', phone: '48512345678', note: 'a canary' };

  it('sees email, phone and note masked, wherever a customer is answered', async () => {
    const business = aBusiness();
    const customer = await added(business, OPEN);
    const support = business.as({ role: 'SUPPORT' });
    const expected = { ...customer, ...MASKED };
    expect((await support.get(customer._id)).body).toEqual(expected);
    expect((await support.lookUp({ email: OPEN.email })).body).toEqual(expected);
    expect((await support.find({ phrase: OPEN.phone })).body.items).toEqual([expected]);
  });

  it('sees no mask where nothing is', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: null, phone: null, note: null, customerType: 'new' });
    expect((await business.get(_id, { role: 'SUPPORT' })).body).toMatchObject({
      email: null,
      phone: null,
      note: null,
    });
  });

  it.each(['OWNER', 'ADMIN', 'SPECIALIST', 'PRIVACY', 'SERVICE'])('is masked, %s is not', async (role) => {
    const business = aBusiness();
    const { _id } = await added(business, OPEN);
    expect((await business.get(_id, { role })).body).toMatchObject(OPEN);
  });
});
