import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { DEFAULT_SETTINGS } from '#lib/domain/settings.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, moveCustomer } from '#lib/domain/customer.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { findCustomer } from '#lib/store/customer-reader.ts';
import { changeCustomer } from '#lib/store/customers.ts';
import { ScopeBreach } from '#lib/store/isolation/guard.ts';
import { commit, effectOf, rehearse, stage, stageFirst, type Write } from '#lib/store/unit-of-work.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('unit-of-work');

const businessId = aBusinessId();
const anInsert = (): Write => ({
  insertInto: 'tombstone',
  document: { _id: new Types.ObjectId(), businessId: new Types.ObjectId(businessId), at: new Date() },
});
const anUpdateOfNothing = (): Write => ({
  update: 'business_settings',
  filter: { _id: new Types.ObjectId(businessId), version: 7 },
  change: { $set: { version: 8 } },
});

describe('commit', () => {
  it('writes nothing before it is called, and everything then', async () => {
    const scope = aScope(businessId);
    const before = await countIn(service, 'tombstone');
    await expectNothingWritten(service, () => {
      for (let write = 0; write < 3; write += 1) stage(scope, anInsert());
      return Promise.resolve();
    });
    expect(effectOf(scope)).toBe('changed');
    await commit(scope);
    expect(await countIn(service, 'tombstone')).toBe(before + 3);
    expect(effectOf(scope)).toBe('none');
  });

  it('does nothing, not even a round trip, when nothing is staged', async () => {
    await expectNothingWritten(service, () => commit(aScope(businessId, { deadline: 0 })));
  });

  it('writes nothing when it is rehearsed, and throws what it would throw', async () => {
    const scope = aScope(businessId);
    stage(scope, anInsert());
    await expectNothingWritten(service, () => rehearse(scope));
    expect(effectOf(scope)).toBe('none');
    stage(scope, anUpdateOfNothing());
    await expect(rehearse(scope)).rejects.toBeInstanceOf(Conflict);
  });

  it('is a Conflict, and writes nothing at all, when an update finds nothing to update', async () => {
    const scope = aScope(businessId);
    stage(scope, anInsert());
    stage(scope, anUpdateOfNothing());
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toBeInstanceOf(Conflict));
  });

  it('says what a duplicate means by the write that met it, and writes nothing', async () => {
    const taken = anInsert();
    const other = aScope(businessId);
    stage(other, taken);
    await commit(other);
    const scope = aScope(businessId);
    stage(scope, anInsert());
    stage(scope, taken, (index) => Promise.resolve(new Error(`taken: ${index}`)));
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toThrow('taken: _id_'));
  });

  it('asks first the write that was staged first', async () => {
    const taken = anInsert();
    const other = aScope(businessId);
    stage(other, taken);
    await commit(other);
    const scope = aScope(businessId);
    stage(scope, taken, () => Promise.resolve(new Error('second')));
    stageFirst(scope, taken, () => Promise.resolve(new Error('first')));
    await expect(commit(scope)).rejects.toThrow('first');
  });

  it('is a defect, and writes nothing at all, when one of the writes is another business’s', async () => {
    const scope = aScope(aBusinessId());
    stage(scope, anInsert());
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toBeInstanceOf(ScopeBreach));
  });
});

const customerRead = async (id: string, scope: BusinessScope): Promise<Customer> => {
  const customer = await findCustomer(id, scope);
  if (customer === null) throw new Error('It was there.');
  return customer;
};

describe('a change of a customer', () => {
  it('that this request has not read is a defect, and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const reading = aScope(business.businessId);
    const before = await customerRead(_id, reading);
    const change = { before, after: moveCustomer(before, 'archived', new Date()) };
    const other = aScope(business.businessId);
    const request = changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, other);
    await expect(request).rejects.toThrow('has not read');
    expect(effectOf(other)).toBe('none');
  });

  it('with the scope of another business is a defect too: it could not have read it', async () => {
    const owner = aBusiness();
    const { _id } = await added(owner);
    const stranger = aScope(aBusinessId());
    expect(await findCustomer(_id, stranger)).toBeNull();
    const before = await customerRead(_id, aScope(owner.businessId));
    const change = { before, after: moveCustomer(before, 'deleted', new Date()) };
    const request = changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, stranger);
    await expect(request).rejects.toThrow('has not read');
  });

  it('is a Conflict, and writes nothing, when the keys of its link were changed after it was read', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const scope = aScope(business.businessId);
    const before = await customerRead(_id, scope);
    const change = { before, after: moveCustomer(before, 'archived', new Date()) };
    await changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, scope);
    const links = service.database.collection('customer_link');
    await links.updateOne({ customerId: new Types.ObjectId(_id) }, { $set: { keyUse: 'k2|k2|2' } });
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toBeInstanceOf(Conflict));
  });
});
