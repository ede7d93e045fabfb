import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { idempotencyIds } from '#lib/privacy/payload-hash.ts';
import { toCustomer } from '#lib/store/customers/document.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { collections } from '#lib/store/collections/collections.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aScope } from '#test/support/a-scope.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { report } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('row-19');
const collection = (name: string) => service.database.collection(name);
const idOf = (hex: string) => new Types.ObjectId(hex);

/** What a customer's record keeps as bytes is sealed: a new such field is tried by itself. */
const SEALED = Object.entries(collections.customer.schema().paths)
  .filter(([, { instance }]) => instance === 'Buffer')
  .map(([field]) => field);

/** A customer of whom only this is known. */
const onlyWith = (field: string) => {
  const value = new Map<string, unknown>(Object.entries(aCustomer())).get(field);
  return { customerType: 'anonymous', [field]: value ?? `canary ${field} of another` };
};

/**
 * Has a business's link lead to a customer of another business, as no bug of ours has done yet: past the service, the
 * guard and the unique index. Gives the customer that the business believes it has.
 */
const bend = async (business: Business, owner: Business, body: object): Promise<any> => {
  const own = await added(business);
  const foreign = (await owner.create(body)).body;
  await collection('customer_link').deleteOne({ customerId: idOf(foreign._id) });
  await collection('customer_link').updateOne(
    { customerId: idOf(own._id) },
    { $set: { customerId: idOf(foreign._id) } },
  );
  return { ...own, _id: foreign._id };
};

type Way = (business: Business, seen: any) => Promise<Answer>;
/** Every way to a customer's record. */
const WAYS: Readonly<Record<string, Way>> = {
  'get-customer': (business, { _id }) => business.get(_id),
  'find-customers': (business) => business.find(),
  'find-customers, in sync': (business) => business.find({ updatedSince: '2026-01-01T00:00:00.000Z' }),
  'find-customers, by name': (business, { lastName }) => business.find({ phrase: lastName }),
  'find-customers, by email': (business, { email }) => business.find({ phrase: email }),
  'find-customers, by phone': (business, { phone }) => business.find({ phrase: phone }),
  'look-up-customer, by email': (business, { email }) => business.lookUp({ email }),
  'look-up-customer, by phone': (business, { phone }) => business.lookUp({ phone }),
  'create-customer, again': (business, { _id }) => business.create(aCustomer({ _id })),
  'change-customer': (business, { _id }) => business.change(_id, { firstName: 'Canary Taken' }),
  'patch-customer': (business, { _id }) => business.patch(_id, { firstName: 'Canary Taken' }),
  'set-customer-state': (business, { _id }) => business.setState(_id, { state: 'archived' }),
  'delete-customer': (business, { _id }) => business.delete(_id),
  'restore-customer': (business, { _id }) => business.restore(_id),
  'find-recipients': (business) =>
    business.recipients({ channel: 'push', purpose: 'reminders', segment: { visitsAtLeast: 0 } }),
  'export-customer': (business, { _id }) => business.exported(_id),
  'get-legal-hold': (business, { _id }) => business.hold(_id),
  'place-legal-hold': (business, { _id }) => business.placeHold(_id),
  'release-legal-hold': (business, { _id }) => business.releaseHold(_id),
  'recall-customer': (business, { _id }) => business.recall(_id),
};

let tried = 0;
/** A request must fail as a defect of ours that is reported without a value, write nothing and break nothing. */
const expectShut = async (request: () => Promise<Answer>): Promise<void> => {
  let answer: Answer | undefined;
  const lines = await linesWrittenBy(async () => {
    answer = await expectNothingWritten(service, request);
  });
  if (answer === undefined) throw new Error('There was no answer.');
  expectProblem(answer, 500, 'internal-error');
  expect(Object.keys(answer.body)).not.toContain('errors');
  expect(answer.body.detail).toBe('Something went wrong on our side. It has been reported.');
  expect(lines.filter((line) => line.includes('"message":"defect"'))).toHaveLength(1);
  expect(`${answer.text} ${lines.join(' ')}`).not.toMatch(/canary/i);
  tried += 1;
};

describe('a record of another business, loaded by force', () => {
  it('has three fields that are sealed', () => {
    expect(SEALED.sort()).toEqual(['email', 'note', 'phone']);
  });

  it.each(SEALED)('does not open its %s with the keys of who asks', async (field) => {
    const owner = aBusiness();
    const { _id } = (await owner.create(onlyWith(field))).body;
    const document = await documentIn(service, 'customer', { _id });
    expect(toCustomer(document, await keysOf(aScope(owner.businessId)))).toHaveProperty(field);
    const strangersKeys = await keysOf(aScope(aBusiness().businessId));
    expect(() => toCustomer(document, strangersKeys)).toThrow(
      /^A sealed value cannot be opened(?!.*canary)/i,
    );
  });

  it.each(SEALED.flatMap((field) => Object.keys(WAYS).map((way) => ({ field, way }))))(
    'shows no $field by $way: 500, reported, nothing written, and the next request is served',
    async ({ field, way }) => {
      const business = aBusiness();
      const seen = await bend(business, aBusiness(), onlyWith(field));
      await expectShut(() => WAYS[way]?.(business, seen) ?? Promise.reject(new Error(way)));
      expect((await business.create()).status).toBe(201);
    },
  );

  it.each(Object.keys(WAYS).filter((way) => !way.startsWith('create')))(
    'would show by %s, were it not for the keys: a record of the same business opens there',
    async (way) => {
      const business = aBusiness();
      const seen = await bend(business, business, onlyWith('email'));
      expect((await WAYS[way]?.(business, seen))?.status).toBe(200);
    },
  );

  it('shows no field that was put into a record of one’s own', async () => {
    const business = aBusiness();
    const [own, foreign] = [await added(business), await added(aBusiness())];
    for (const field of SEALED) {
      const before = await documentIn(service, 'customer', { _id: own._id });
      const theirs = await documentIn(service, 'customer', { _id: foreign._id });
      await collection('customer').updateOne({ _id: before._id }, { $set: { [field]: theirs[field] } });
      await expectShut(() => business.get(own._id));
      await collection('customer').replaceOne({ _id: before._id }, before);
      expect((await business.get(own._id)).body).toEqual(own);
    }
  });

  it('is not known again by the body that it was created from', async () => {
    const [business, owner] = [aBusiness(), aBusiness()];
    const body = { customerType: 'anonymous' };
    const { _id } = (await owner.create(body)).body;
    const moved = { businessId: idOf(business.businessId) };
    await collection('customer_link').updateOne({ customerId: idOf(_id) }, { $set: moved });
    await expectShut(() => business.create({ _id, ...body }));
  });

  it('keeps the reason of its legal hold shut', async () => {
    const [business, owner] = [aBusiness(), aBusiness()];
    const { _id } = (await owner.create({ customerType: 'anonymous' })).body;
    await owner.placeHold(_id, 'a canary reason');
    expect((await owner.hold(_id)).text).toContain('a canary reason');
    const moved = { businessId: idOf(business.businessId) };
    await collection('customer_link').updateOne({ customerId: idOf(_id) }, { $set: moved });
    await expectShut(() => business.hold(_id));
  });

  it('keeps the reasons in its history shut, and that history is found to be none of this business', async () => {
    const [business, owner] = [aBusiness(), aBusiness()];
    const { _id } = await added(owner);
    await owner.setState(_id, { state: 'suspended', reason: 'a canary reason' });
    expect((await owner.history(_id)).text).toContain('a canary reason');
    const moved = { $set: { businessId: idOf(business.businessId) } };
    await collection('customer_link').updateOne({ customerId: idOf(_id) }, moved);
    await collection('customer_audit').updateMany({ customerId: idOf(_id) }, moved);
    const answer = await business.history(_id);
    expect(answer.body).toMatchObject({ verified: false, items: [{ seq: 1 }, { seq: 2 }] });
    expect(answer.text).not.toMatch(/canary|reason/i);
    tried += 1;
  });

  it('shows no answer that another business was given for the same key', async () => {
    const [business, owner] = [aBusiness(), aBusiness()];
    const request = { headers: { 'idempotency-key': 'first-try' } };
    await owner.create(aCustomer(), request);
    const { _id: _theirs, ...record } = await documentIn(service, 'idempotency', {
      businessId: owner.businessId,
    });
    const asked = { route: 'create-customer', actorId: 'user-1', key: 'first-try' };
    for (const id of idempotencyIds(await keysOf(aScope(business.businessId)), asked))
      await collection('idempotency').insertOne({
        ...record,
        _id: id,
        businessId: idOf(business.businessId),
      } as object);
    await expectShut(() => business.create(aCustomer(), request));
    report(
      19,
      `${String(tried)} ways to ${String(SEALED.length)} fields, reasons, digests and recorded answers of another ` +
        'business, loaded by force: 0 decrypted. Names are not encrypted: a customer with only a name would be shown',
    );
  });
});
