import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { aBusiness, added } from '#test/support/a-business.ts';
import { useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('schema-validator');
/** The specification's fields of a customer. */
const FIELDS = [
  '__v',
  '_id',
  'createdAt',
  'customerType',
  'email',
  'firstName',
  'lastName',
  'note',
  'phone',
  'stateHistory',
  'updatedAt',
];

let stored: Record<string, unknown>;
beforeAll(async () => {
  const { _id } = await added(aBusiness());
  stored = await documentIn(service, 'customer', { _id });
});

describe('a stored customer', () => {
  it('has exactly the fields of the specification, and none that names a business', () => {
    expect(Object.keys(stored).sort()).toEqual(FIELDS);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a first name that is a number', { firstName: 7 }],
    ['a last name that is an object', { lastName: { $gt: '' } }],
    ['an email in clear', { email: 'anna@example.com' }],
    ['a phone in clear', { phone: '48512345678' }],
    ['a note in clear', { note: 'a note' }],
    ['an unknown type', { customerType: 'vip' }],
    ['no type', { customerType: undefined }],
    ['no history', { stateHistory: undefined }],
    ['an empty history', { stateHistory: [] }],
    ['a history with an unknown state', { stateHistory: [{ state: 'gone', setAt: new Date() }] }],
    ['a history without a time', { stateHistory: [{ state: 'active' }] }],
    ['a history with a time as text', { stateHistory: [{ state: 'active', setAt: '2026-01-01' }] }],
    ['a creation time as text', { createdAt: '2026-01-01' }],
    ['no change time', { updatedAt: undefined }],
    ['a version as text', { __v: '0' }],
  ])('is refused by the database itself with %s', async (_what, malformed) => {
    // An undefined field is left out of the document.
    const document = { ...stored, ...malformed, _id: new Types.ObjectId() };
    const insert = () =>
      service.database.collection('customer').insertOne(document, { ignoreUndefined: true });
    await expectNothingWritten(service, async () => {
      await expect(insert()).rejects.toMatchObject({ code: 121 });
    });
  });

  it('is refused as well when a change would make it invalid', async () => {
    const change = { $set: { customerType: 'vip' } };
    await expectNothingWritten(service, async () => {
      await expect(service.database.collection('customer').updateOne({}, change)).rejects.toMatchObject({
        code: 121,
      });
    });
  });

  it('may have only its required fields', async () => {
    const { customerType, stateHistory, createdAt, updatedAt, __v } = stored;
    const least = { customerType, stateHistory, createdAt, updatedAt, __v };
    await service.database.collection('customer').insertOne({ ...least, _id: new Types.ObjectId() });
  });
});
