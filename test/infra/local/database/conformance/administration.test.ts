import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectForFile, serverErrorOf } from './client.ts';

const { client, db } = connectForFile('conformance-administration');

const admin = () => client().db('admin');

beforeAll(async () => {
  await db()
    .collection('rows')
    .insertMany([{ n: 1 }, { n: 2 }]);
});

describe('the server', () => {
  it('is the writable primary of a replica set, of version 8.0 or newer', async () => {
    const hello = await admin().command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, setName: expect.any(String), ok: 1 });
    expect(hello['maxWireVersion']).toBeGreaterThanOrEqual(25);
    const { versionArray } = await admin().command({ buildInfo: 1 });
    expect(versionArray[0]).toBeGreaterThanOrEqual(8);
  });

  it.each(['ping', 'serverStatus', 'replSetGetStatus', 'connectionStatus', 'hostInfo'])(
    'answers %s',
    async (name) => {
      expect(await admin().command({ [name]: 1 })).toMatchObject({ ok: 1 });
    },
  );

  it('tells its parameters', async () => {
    const answer = await admin().command({ getParameter: 1, ttlMonitorSleepSecs: 1 });
    expect(answer).toMatchObject({ ttlMonitorSleepSecs: expect.anything(), ok: 1 });
    expect(await serverErrorOf(admin().command({ getParameter: 1, noSuchThing: 1 }))).toMatchObject({
      code: 72,
    });
  });
});

describe('collections', () => {
  it('are listed with their database', async () => {
    const { databases } = await admin().admin().listDatabases({ nameOnly: true });
    expect(databases.map(({ name }) => name)).toContain(db().databaseName);
  });

  it('are created once, changed, renamed and dropped', async () => {
    const names = async () =>
      (await db().listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    await db().createCollection('first');
    expect(await serverErrorOf(db().createCollection('first', { validator: { n: 1 } }))).toMatchObject({
      code: 48,
    });
    await db().command({ collMod: 'first', validator: { $jsonSchema: { required: ['n'] } } });
    expect(await serverErrorOf(db().collection('first').insertOne({}))).toMatchObject({ code: 121 });
    await db().collection('first').rename('second');
    expect(await names()).toEqual(expect.arrayContaining(['second']));
    await db().dropCollection('second');
    await db().dropCollection('never-there');
    expect(await names()).toEqual(['rows']);
  });

  it('tell their size', async () => {
    expect(await db().stats()).toMatchObject({ collections: 1, ok: 1 });
    const [stats] = await db()
      .collection('rows')
      .aggregate([{ $collStats: { count: {} } }])
      .toArray();
    expect(stats).toMatchObject({ count: 2 });
  });

  it('are gone with their database', async () => {
    const other = client().db(`${db().databaseName}-other`);
    await other.collection('rows').insertOne({});
    await other.dropDatabase();
    expect(await other.listCollections().toArray()).toEqual([]);
  });
});
