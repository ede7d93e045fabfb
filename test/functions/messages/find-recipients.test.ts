import { afterEach, describe, expect, it } from '@jest/globals';
import { aGrant } from '#test/support/a-grant.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { accessesBy } from '#test/support/access-lines.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { useService } from '#test/support/service.ts';
import { tokenOf, useLink } from '#test/support/unsubscribing.ts';
import { setVisits } from '#test/support/visits.ts';

const service = useService('find-recipients');
const UNKNOWN = 'f'.repeat(24);
const EVERYBODY = { createdAfter: { daysAgo: 3_650 } };

const granting = async (business: Business, overrides = {}, parts = {}): Promise<any> => {
  const customer = await added(business, overrides);
  const { status } = await business.record(customer._id, [aGrant(parts)]);
  if (status !== 200) throw new Error('The grant was refused.');
  return customer;
};
const idsOf = ({ body }: { body: any }): string[] => body.items.map(({ _id }: { _id: string }) => _id);
const ask = async (business: Business, question: object = {}) => {
  const answer = await business.recipients({ channel: 'email', segment: EVERYBODY, ...question });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer;
};
const NONE = { notFound: 0, notLive: 0, noAddress: 0, notAllowed: 0 };

describe('POST /recipients', () => {
  it('answers who granted marketing by email, with address, names and token, oldest first', async () => {
    const business = aBusiness();
    const [one, two] = [await granting(business), await granting(business)];
    await added(business);
    const { status, body } = await ask(business);
    expect(status).toBe(200);
    const item = ({ _id, email, firstName, lastName }: any) => ({
      _id,
      address: email,
      firstName,
      lastName,
      language: null,
      unsubscribe: tokenOf(business, { customerId: _id }),
    });
    expect(body).toEqual({
      items: [item(one), item(two)],
      total: 2,
      excluded: { ...NONE, notAllowed: 1 },
      asOf: expect.any(String),
    });
  });

  it('says in which language a customer wants to be served', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    expect((await business.prefer(_id, { language: 'pl' })).status).toBe(200);
    expect((await ask(business)).body.items).toMatchObject([{ _id, language: 'pl' }]);
  });

  it('answers phones for sms, and no address for push', async () => {
    const business = aBusiness();
    const customer = await granting(business, {}, { channel: 'sms' });
    await business.record(customer._id, [aGrant({ channel: 'push' })]);
    const sms = (await ask(business, { channel: 'sms' })).body.items;
    expect(sms).toEqual([expect.objectContaining({ _id: customer._id, address: customer.phone })]);
    expect(sms[0]).not.toHaveProperty('unsubscribe');
    const push = (await ask(business, { channel: 'push' })).body;
    expect(push.items[0]).toEqual({
      _id: customer._id,
      firstName: customer.firstName,
      lastName: customer.lastName,
      language: null,
    });
    expect(push.excluded).toEqual(NONE);
  });

  it('asks for no grant where a purpose rests on the contract, but honours a refusal', async () => {
    const business = aBusiness();
    const [silent, refusing] = [await added(business), await added(business)];
    await added(business, { email: null, phone: '+48600700800', customerType: 'unregistered' });
    await business.record(refusing._id, [
      aGrant({ purpose: 'reminders', granted: false, lawfulBasis: 'contract' }),
    ]);
    const answer = await ask(business, { purpose: 'reminders' });
    expect(idsOf(answer)).toEqual([silent._id]);
    expect(answer.body).toMatchObject({ total: 1, excluded: { ...NONE, noAddress: 1, notAllowed: 1 } });
  });

  it('leaves out a customer that was restored after somebody else refused for its address', async () => {
    const business = aBusiness();
    const deleted = await granting(business);
    await business.delete(deleted._id);
    const { email } = deleted;
    const other = await added(business, { email });
    await business.record(other._id, [aGrant({ granted: false })]);
    await business.delete(other._id);
    expect((await business.restore(deleted._id)).status).toBe(200);
    const { body } = await ask(business);
    expect(body).toMatchObject({ items: [], total: 0, excluded: { ...NONE, notAllowed: 1 } });
    const { current } = (await business.consents(deleted._id)).body;
    expect(current).toMatchObject([{ granted: true, suppressed: true }]);
  });

  it('reaches suspended and archived ones, but with marketing active ones only', async () => {
    const business = aBusiness();
    const states = ['active', 'suspended', 'archived'];
    const ids: string[] = [];
    for (const state of states) {
      const { _id } = await granting(business, { state });
      await business.record(_id, [aGrant({ purpose: 'feedback' })]);
      ids.push(_id);
    }
    const segment = { states };
    expect(idsOf(await ask(business, { segment, purpose: 'feedback' }))).toEqual(ids);
    const marketing = await ask(business, { segment });
    expect(idsOf(marketing)).toEqual([ids[0]]);
    expect(marketing.body.excluded).toEqual({ ...NONE, notAllowed: 2 });
    const nobody = await ask(business, { segment: { states: ['archived'] } });
    expect(nobody.body).toMatchObject({ items: [], total: 0, excluded: { ...NONE, notAllowed: 1 } });
  });

  it('counts by the first reason who of the ids is left out', async () => {
    const business = aBusiness();
    const fine = await granting(business);
    const silent = await added(business);
    const deleted = await granting(business);
    await business.delete(deleted._id);
    const poor = await added(business, { email: null, phone: '+48600700801', customerType: 'unregistered' });
    const foreign = await granting(aBusiness());
    const survivor = await granting(business);
    const loser = await granting(business);
    await business.merge(survivor._id, { loserId: loser._id });
    const people = [fine, silent, deleted, poor, foreign, survivor, loser, fine].map(({ _id }) => _id);
    const customerIds = [...people, UNKNOWN, fine._id.toUpperCase()];
    const { body } = await ask(business, { segment: undefined, customerIds });
    expect(body.items.map(({ _id }: { _id: string }) => _id)).toEqual([fine._id, survivor._id].sort());
    expect(body).toMatchObject({
      total: 2,
      excluded: { notFound: 2, notLive: 2, noAddress: 1, notAllowed: 1 },
    });
  });

  it('takes a segment by its id, and one of another business for unknown', async () => {
    const business = aBusiness();
    const definition = { visitsAtLeast: 2 };
    const { segmentId } = (await business.createSegment({ name: 'x', definition })).body;
    const often = await granting(business);
    await granting(business);
    await setVisits(service, often._id, { count: 2, first: 9, last: 3 });
    const question = { segment: undefined, segmentId };
    expect(idsOf(await ask(business, question))).toEqual([often._id]);
    const other = aBusiness();
    for (const id of [segmentId, UNKNOWN])
      expectProblem(await other.recipients({ channel: 'email', segmentId: id }), 404, 'segment-not-found');
  });

  it('answers counts only when they are asked for', async () => {
    const business = aBusiness();
    await granting(business);
    const { body } = await ask(business, { countOnly: true });
    expect(body).toEqual({ items: [], total: 1, excluded: NONE, asOf: expect.any(String) });
  });

  it('leaves out whose grant a kept refusal outweighs, and whose address has gone', async () => {
    const business = aBusiness();
    const [gone, unsubscribed] = [await granting(business), await granting(business)];
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    await business.change(gone._id, { email: null });
    await useLink(tokenOf(business, { customerId: unsubscribed._id }));
    const { body } = await ask(business);
    expect(body).toMatchObject({ items: [], total: 0, excluded: { ...NONE, noAddress: 1, notAllowed: 1 } });
  });
});

describe('an address that several have', () => {
  const shared = async (channel: 'email' | 'sms') => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false, uniquePhone: false });
    const first = await granting(business, {}, { channel });
    const same = channel === 'email' ? { email: first.email.toUpperCase() } : { phone: first.phone };
    const others = [];
    for (let one = 0; one < 2; one += 1) others.push(await granting(business, same, { channel }));
    const alone = await granting(business, {}, { channel });
    return { business, first, others, alone };
  };

  it.each(['email', 'sms'] as const)(
    'comes once by %s: the others name the earliest, on every page',
    async (channel) => {
      const { business, first, others, alone } = await shared(channel);
      for (const pageSize of [10, 1]) {
        const items: any[] = [];
        for (let cursor: string | undefined, more = true; more;) {
          const { body } = await ask(business, { channel, pageSize, ...(cursor && { cursor }) });
          items.push(...body.items);
          cursor = body.nextCursor;
          more = cursor !== undefined;
        }
        expect(
          items.map(({ _id, address, sameAddressAs }) => [_id, address !== undefined, sameAddressAs]),
        ).toEqual([
          [first._id, true, undefined],
          ...others.map(({ _id }) => [_id, false, first._id]),
          [alone._id, true, undefined],
        ]);
      }
    },
  );

  it('goes to the next one when the first is not on the list', async () => {
    const { business, first, others } = await shared('email');
    await business.setState(first._id, { state: 'suspended' });
    const { body } = await ask(business, { pageSize: 1 });
    expect(body.items[0]).toMatchObject({ _id: others[0]._id, address: others[0].email });
    const second = (await ask(business, { pageSize: 1, cursor: body.nextCursor })).body.items[0];
    expect(second).toMatchObject({ _id: others[1]._id, sameAddressAs: others[0]._id });
  });

  it.each(['email', 'sms'] as const)(
    'gets nothing by %s after one of them has refused, until one of them grants it again',
    async (channel) => {
      const { business, first, others, alone } = await shared(channel);
      await business.record(first._id, [aGrant({ channel, granted: false })]);
      const refused = await ask(business, { channel });
      expect(idsOf(refused)).toEqual([alone._id]);
      expect(refused.body).toMatchObject({ total: 1, excluded: { ...NONE, notAllowed: 3 } });
      await business.record(others[0]._id, [aGrant({ channel })]);
      expect(idsOf(await ask(business, { channel }))).toEqual([others[0]._id, others[1]._id, alone._id]);
    },
  );

  it('gets nothing after one of them has followed the link in a message', async () => {
    const { business, others, alone } = await shared('email');
    await useLink(tokenOf(business, { customerId: others[1]._id }));
    expect(idsOf(await ask(business))).toEqual([alone._id]);
  });
});

describe('pages', () => {
  it('have everybody once, and the total of the first page', async () => {
    const business = aBusiness();
    const ids: string[] = [];
    for (let one = 0; one < 7; one += 1) ids.push((await granting(business))._id);
    const first = await ask(business, { pageSize: 3 });
    const second = await ask(business, { pageSize: 3, cursor: first.body.nextCursor });
    const third = await ask(business, { pageSize: 3, cursor: second.body.nextCursor });
    expect([first, second, third].flatMap(idsOf)).toEqual(ids);
    for (const { body } of [first, second, third])
      expect(body).toMatchObject({ total: 7, excluded: NONE, asOf: first.body.asOf });
    expect(third.body).not.toHaveProperty('nextCursor');
  });

  it('show no withdrawal that came before them', async () => {
    const business = aBusiness();
    const [one, two] = [await granting(business), await granting(business)];
    const first = await ask(business, { pageSize: 1 });
    expect(idsOf(first)).toEqual([one._id]);
    await useLink(tokenOf(business, { customerId: two._id }));
    const second = await ask(business, { pageSize: 1, cursor: first.body.nextCursor });
    expect(second.body).toMatchObject({ items: [], total: 2 });
  });

  it('refuse the cursor of another question, business or segment before it was changed', async () => {
    const business = aBusiness();
    for (let one = 0; one < 3; one += 1) await granting(business);
    const { segmentId } = (await business.createSegment({ name: 'x', definition: EVERYBODY })).body;
    const question = { channel: 'email', segmentId, pageSize: 1 };
    const { nextCursor: cursor } = (await business.recipients(question)).body;
    expect((await business.recipients({ ...question, pageSize: 2, cursor })).status).toBe(200);
    const refused = async (asking: Business, other: object) => {
      const answer = await asking.recipients({ ...question, cursor, ...other });
      expectProblem(answer, 400, 'invalid-request');
      expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: '#/cursor' }]);
    };
    await refused(business, { channel: 'sms' });
    await refused(business, { purpose: 'feedback' });
    await refused(business, { segmentId: undefined, segment: { visitsAtLeast: 0 } });
    await refused(aBusiness(), { segmentId: undefined, segment: EVERYBODY });
    await refused(business, { cursor: 'x' });
    await business.changeSegment(segmentId, { name: 'x', definition: { visitsAtLeast: 0 } });
    await refused(business, {});
  });
});

describe('a question', () => {
  const customerIds = [UNKNOWN];
  it.each<[string, object, string[]]>([
    ['neither ids nor segment', {}, ['#']],
    ['ids and a segment', { customerIds, segment: EVERYBODY }, ['#/segment']],
    ['all three', { customerIds, segmentId: UNKNOWN, segment: EVERYBODY }, ['#/segmentId', '#/segment']],
    ['1,001 ids', { customerIds: Array.from({ length: 1_001 }, () => UNKNOWN) }, ['#/customerIds']],
    ['no ids', { customerIds: [] }, ['#/customerIds']],
    ['an id that is none', { customerIds: ['x'] }, ['#/customerIds/0']],
    ['another channel', { customerIds, channel: 'post' }, ['#/channel']],
    ['a purpose that is no word', { customerIds, purpose: 'Selling things' }, ['#/purpose']],
    ['a page that is too large', { customerIds, pageSize: 501 }, ['#/pageSize']],
    ['an empty segment', { segment: {} }, ['#/segment']],
    [
      'a contradictory segment',
      { segment: { neverVisited: true, visitsAtLeast: 1 } },
      ['#/segment/visitsAtLeast'],
    ],
    ['an unknown field', { customerIds, all: true }, ['#/all']],
    ['an unknown condition', { segment: { visits: 1 } }, ['#/segment/visits']],
  ])('with %s is answered 400 at its place', async (_what, question, pointers) => {
    const answer = await expectNothingWritten(service, () =>
      aBusiness().recipients({ channel: 'email', ...question }),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });

  it('from a role that sends nothing is answered 403', async () => {
    for (const role of ['SPECIALIST', 'SUPPORT', 'PRIVACY'])
      await expectRefused(
        service,
        () => aBusiness().recipients({ channel: 'email', customerIds }, { role }),
        [403, 'not-permitted'],
      );
  });

  it('is one access line for each page, a read for send-messages, with its customers', async () => {
    const business = aBusiness();
    const [one, two] = [await granting(business), await granting(business)];
    let cursor = '';
    const first = await accessesBy(async () => {
      cursor = (await ask(business, { pageSize: 1 })).body.nextCursor;
    });
    expect(first).toHaveLength(1);
    expect(first[0]).toMatchObject({
      useCase: 'find-recipients',
      purpose: 'send-messages',
      outcome: 'read',
      fields: expect.arrayContaining(['address', 'firstName', 'lastName']),
      customers: [one._id],
    });
    const next = await accessesBy(() => ask(business, { pageSize: 1, cursor }));
    expect(next).toMatchObject([{ purpose: 'send-messages', outcome: 'read', customers: [two._id] }]);
  });
});

describe('without a pepper', () => {
  const ring = keyringOf('k1');
  afterEach(() => {
    useKeyring(ring);
  });

  it('emails come without a token', async () => {
    const { pepper: _, ...bare } = ring;
    useKeyring(bare);
    const business = aBusiness();
    await granting(business);
    expect((await ask(business)).body.items).toMatchObject([
      { address: expect.any(String), unsubscribe: null },
    ]);
  });
});
