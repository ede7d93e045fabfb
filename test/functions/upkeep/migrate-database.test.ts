import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as migrateDatabase } from '#functions/upkeep/migrate-database/handler.ts';
import { run, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('migrate-database');
const MIGRATIONS = [
  '0001-create-collections',
  '0002-create-rate-limit',
  '0003-note-key-use',
  '0004-index-match-keys',
  '0005-create-merge',
  '0006-create-refusal-budget',
  '0007-index-merged-into',
  '0008-create-consent',
  '0009-index-erasures',
  '0010-note-unledgered',
  '0011-index-reach',
  '0012-create-archive',
  '0013-one-link-for-each-customer',
  '0014-create-activity',
  '0015-grow-outbox',
  '0016-create-segment',
];

describe('migrate-database', () => {
  it('has nothing to do on a database that is up to date, and changes nothing', async () => {
    const answer = await expectNothingWritten(service, () => run(migrateDatabase, {}));
    expect(answer).toEqual({ applied: [], alreadyThere: MIGRATIONS });
  });

  it('builds an empty database, and can be taken up after it died halfway', async () => {
    await service.database.db?.dropDatabase();
    await service.database.createCollection('customer_link');
    expect(await run(migrateDatabase, {})).toEqual({ applied: MIGRATIONS, alreadyThere: [] });
    const collections = await service.database.listCollections();
    expect(collections.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['customer', 'customer_link', 'customer_audit', 'migration']),
    );
  });

  it('may be started twice at once', async () => {
    await service.database.db?.dropDatabase();
    const outcomes = await Promise.all([run(migrateDatabase, {}), run(migrateDatabase, {})]);
    for (const { applied, alreadyThere } of outcomes) {
      expect([...applied, ...alreadyThere].sort()).toEqual(MIGRATIONS);
    }
  });

  it('says of what a former version wrote that nobody knows its keys, and drops the hash of its body', async () => {
    const _id = new Types.ObjectId();
    await service.database
      .collection('customer_link')
      .insertOne({ _id, version: 3, bodyHash: Buffer.alloc(32) });
    await service.database.collection('migration').deleteMany({ _id: '0003-note-key-use' as never });
    expect((await run(migrateDatabase, {})).applied).toEqual(['0003-note-key-use']);
    expect(await service.database.collection('customer_link').findOne({ _id })).toEqual({
      _id,
      version: 3,
      keyUse: '',
    });
  });

  it('says of customers of a former version that they had no orders, and leaves those that had some', async () => {
    const links = service.database.collection('customer_link');
    await links.deleteMany({});
    const former = Array.from({ length: 1_200 }, () => ({
      _id: new Types.ObjectId(),
      customerId: new Types.ObjectId(),
      version: 1,
    }));
    const later = { _id: new Types.ObjectId(), customerId: new Types.ObjectId(), orderCount: 3, folds: 5 };
    await links.insertMany([...former.slice(0, 600), later, ...former.slice(600)]);
    await service.database.collection('migration').deleteMany({ _id: '0014-create-activity' as never });
    expect((await run(migrateDatabase, {})).applied).toEqual(['0014-create-activity']);
    const zeros = { orderCount: 0, visitCount: 0, cancelledCount: 0, spend: [], folds: 0 };
    expect(await links.countDocuments(zeros)).toBe(former.length);
    expect(await links.findOne({ _id: former[1_100]!._id })).toEqual({ ...former[1_100], ...zeros });
    expect(await links.findOne({ _id: later._id })).toEqual(later);
  });

  it('notes of purges of a former version that they are not in the ledger, and of no other erasure', async () => {
    const erasures = service.database.collection('erasure');
    const [former, ledgered, open] = [new Types.ObjectId(), new Types.ObjectId(), new Types.ObjectId()];
    const at = new Date('2026-01-01');
    await erasures.insertMany([
      { _id: former, at, cause: 'retention' },
      { _id: ledgered, at, cause: 'retention', finishedAt: at },
      { _id: open, at, cause: 'retention', open: true },
    ]);
    await service.database.collection('migration').deleteMany({ _id: '0010-note-unledgered' as never });
    expect((await run(migrateDatabase, {})).applied).toEqual(['0010-note-unledgered']);
    expect((await erasures.find({ unledgered: true }).toArray()).map(({ _id }) => _id)).toEqual([former]);
  });

  it('makes the link of a customer unique, and drops the indexes that this one replaces', async () => {
    const links = service.database.collection('customer_link');
    await links.dropIndex('one_link_unique');
    await links.createIndex({ customerId: 1, businessId: 1 }, { name: 'customer' });
    const former = { unique: true, partialFilterExpression: { relation: 'owner' } };
    await links.createIndex({ customerId: 1 }, { name: 'customer_owner_unique', ...former });
    await service.database.collection('migration').deleteMany({ _id: /^0013/ as never });
    expect((await run(migrateDatabase, {})).applied).toEqual(['0013-one-link-for-each-customer']);
    const names = (await links.listIndexes().toArray()).map(({ name }) => name);
    expect(names).toContain('one_link_unique');
    expect(names.filter((name) => ['customer', 'customer_owner_unique'].includes(name))).toEqual([]);
  });
});
