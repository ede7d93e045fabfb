import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient, ObjectId } from 'mongodb';
import { adminUriOf, testDatabaseUri, unprobedDatabaseUri } from '#test/support/test-database.ts';
import { commandsOf, expectCaller, refuse, takeBreaches } from './probe.ts';

// The service's guards are not used here: a bare driver sends, and only the wire is checked.
const uri = testDatabaseUri('wire-probe');
const client = new MongoClient(uri);
const admin = new MongoClient(adminUriOf(uri));
const businessId = new ObjectId();
const customerIds = Array.from({ length: 5 }, () => new ObjectId());
beforeAll(async () => {
  expectCaller('request', businessId.toHexString());
  await admin
    .db()
    .collection('customer_link')
    .insertMany(customerIds.map((customerId) => ({ businessId, customerId })));
  await admin
    .db()
    .collection('customer')
    .insertMany(customerIds.map((_id) => ({ _id })));
});
afterAll(async () => {
  await admin.db().dropDatabase();
  await Promise.all([client.close(), admin.close()]);
});

const comment = 'request';
const links = () => client.db().collection('customer_link');
const customers = () => client.db().collection('customer');

describe('the probe on the wire', () => {
  it('follows links to customers, over the pages of a cursor', async () => {
    const found = await links().find({ businessId }, { comment, batchSize: 2 }).toArray();
    expect(found).toHaveLength(5);
    expect(
      await customers()
        .find({ _id: { $in: customerIds } }, { comment })
        .toArray(),
    ).toHaveLength(5);
    expect(takeBreaches()).toEqual([]);
  });

  it('lets a command pass and keeps what was wrong with it for the test it came from', async () => {
    expect(await links().find({}).toArray()).toHaveLength(5);
    const breaches = takeBreaches();
    expect(() => {
      refuse(breaches);
    }).toThrow('not scoped:\nfind customer_link: no comment says whose it is');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a find of another business', () => links().find({ businessId: new ObjectId() }, { comment }).toArray()],
    ['a distinct', () => customers().distinct('_id', {}, { comment })],
    ['a count', () => links().countDocuments({}, { comment })],
    [
      'a join',
      () =>
        links()
          .aggregate([{ $match: { businessId } }, { $unionWith: 'customer' }], { comment })
          .toArray(),
    ],
    ['an insert', () => links().insertOne({ businessId: new ObjectId() }, { comment })],
    ['an update', () => links().updateMany({ state: 'none' }, { $set: { a: 1 } }, { comment })],
    ['a delete', () => customers().deleteOne({ _id: new ObjectId() }, { comment })],
    [
      'an old bulk write',
      () => links().bulkWrite([{ deleteOne: { filter: { state: 'none' } } }], { comment }),
    ],
    [
      'a bulk write of the client',
      () =>
        client.bulkWrite(
          [
            {
              name: 'deleteOne',
              namespace: `${client.db().databaseName}.customer`,
              filter: { _id: new ObjectId() },
            },
          ],
          { comment },
        ),
    ],
    ['an explanation', () => links().find({}, { comment }).explain()],
    ['an unknown command', () => client.db().command({ dbStats: 1 })],
    ['a change stream', () => links().watch().next()],
  ])('sees %s', async (_what, ask) => {
    await ask().catch(() => undefined);
    expect(takeBreaches()).not.toEqual([]);
  });

  it('records what leaves, without handshakes', async () => {
    const sent = await commandsOf(() => links().findOne({ businessId }, { comment }));
    expect(sent.map(({ name }) => name)).toEqual(['find']);
  });

  it('is not in the way of the test’s own hands', async () => {
    await admin.db().collection('customer').find().toArray();
    expect(new URL(unprobedDatabaseUri('other')).host).toBe(new URL(adminUriOf(uri)).host);
    expect(takeBreaches()).toEqual([]);
  });
});
