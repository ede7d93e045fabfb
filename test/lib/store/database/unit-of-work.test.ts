import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { moveCustomer } from '#lib/domain/customers/customer.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { findCustomer, type StoredCustomer } from '#lib/store/customers/reader.ts';
import { changeCustomer } from '#lib/store/customers/change-customer.ts';
import { ScopeBreach } from '#lib/store/isolation/guard.ts';
import {
  commit,
  effectOf,
  noteExtension,
  rehearse,
  stage,
  stageFirst,
} from '#lib/store/database/unit-of-work.ts';
import type { Write } from '#lib/store/database/write.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('unit-of-work');

const businessId = aBusinessId();
const anInsert = (): Write => ({
  insertInto: 'idempotency',
  document: {
    _id: randomBytes(32),
    businessId: new Types.ObjectId(businessId),
    payloadHash: randomBytes(32),
    keyId: 'k1',
    expiresAt: new Date(Date.now() + 60_000),
  },
});
const anUpdateOfNothing = (): Write => ({
  update: 'business_settings',
  filter: { _id: new Types.ObjectId(businessId), version: 7 },
  change: { $set: { version: 8 } },
});

describe('commit', () => {
  it('writes nothing before it is called, and everything then', async () => {
    const scope = aScope(businessId);
    const before = await countIn(service, 'idempotency');
    await expectNothingWritten(service, () => {
      for (let write = 0; write < 3; write += 1) stage(scope, anInsert());
      return Promise.resolve();
    });
    expect(effectOf(scope)).toBe('changed');
    await commit(scope);
    expect(await countIn(service, 'idempotency')).toBe(before + 3);
    expect(effectOf(scope)).toBe('none');
  });

  it('does nothing, not even a round trip, when nothing is staged', async () => {
    await expectNothingWritten(service, () => commit(aScope(businessId, { deadline: 0 })));
  });

  it('tells which histories it has extended, once, and none after a rehearsal', async () => {
    const extensions = [1, 2].map((number) => ({ customerId: 'c', number, head: 'h', keyIds: ['k1'] }));
    const scope = aScope(businessId);
    const staging = () => {
      stage(scope, anInsert());
      for (const extension of extensions) noteExtension(scope, extension);
    };
    staging();
    await rehearse(scope);
    expect(await commit(scope)).toEqual([]);
    staging();
    expect(await commit(scope)).toEqual(extensions);
    stage(scope, anInsert());
    expect(await commit(scope)).toEqual([]);
  });

  it('writes nothing in a rehearsal, and throws what it would throw', async () => {
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

  it('throws the error of the write that a unique index refused, and writes nothing', async () => {
    const taken = anInsert();
    const other = aScope(businessId);
    stage(other, taken);
    await commit(other);
    const scope = aScope(businessId);
    stage(scope, anInsert());
    stage(scope, taken, (index) => Promise.resolve(new Error(`taken: ${index}`)));
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toThrow('taken: _id_'));
  });

  it('throws the error of the write that was staged first', async () => {
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

const customerRead = async (id: string, scope: BusinessScope): Promise<StoredCustomer> => {
  const stored = await findCustomer(id, scope);
  if (stored === null) throw new Error('It was there.');
  return stored;
};

describe('a change of a customer', () => {
  it('that this request has not read is a defect, and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const reading = aScope(business.businessId);
    const stored = await customerRead(_id, reading);
    const change = { stored, after: moveCustomer(stored.customer, 'archived', new Date()) };
    const other = aScope(business.businessId);
    await changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, other);
    await expectNothingWritten(service, () => expect(commit(other)).rejects.toBeInstanceOf(ScopeBreach));
  });

  it('with the scope of another business is a defect too: it could not have read it', async () => {
    const owner = aBusiness();
    const { _id } = await added(owner);
    const stranger = aScope(aBusinessId());
    expect(await findCustomer(_id, stranger)).toBeNull();
    const stored = await customerRead(_id, aScope(owner.businessId));
    const change = { stored, after: moveCustomer(stored.customer, 'deleted', new Date()) };
    await changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, stranger);
    await expectNothingWritten(service, () => expect(commit(stranger)).rejects.toBeInstanceOf(ScopeBreach));
  });

  it('is a Conflict, and writes nothing, when the keys of its link were changed after it was read', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const scope = aScope(business.businessId);
    const stored = await customerRead(_id, scope);
    const change = { stored, after: moveCustomer(stored.customer, 'archived', new Date()) };
    await changeCustomer(change, { settings: DEFAULT_SETTINGS, action: 'test' }, scope);
    const links = service.database.collection('customer_link');
    await links.updateOne({ customerId: new Types.ObjectId(_id) }, { $set: { keyUse: 'k2|k2|2' } });
    await expectNothingWritten(service, () => expect(commit(scope)).rejects.toBeInstanceOf(Conflict));
  });
});
