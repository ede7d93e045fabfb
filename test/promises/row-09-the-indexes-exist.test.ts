import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { collections } from '#lib/store/collections/collections.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { report } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('row-09');
const declared = Object.entries(collections).map(([name, { indexes }]) => [name, indexes] as const);
const uniqueOnes = declared.flatMap(([collection, indexes]) =>
  indexes.filter(({ unique }) => unique === true).map(({ name }) => [collection, name] as const),
);

let link: any;
let entry: any;
let kept: any;
let order: any;
let source: any;
let segment: any;
beforeAll(async () => {
  const business = aBusiness();
  const { _id } = await added(business);
  link = await documentIn(service, 'customer_link', { customerId: _id });
  entry = await documentIn(service, 'customer_audit', { customerId: _id });
  await business.record(_id, [
    { purpose: 'marketing', channel: 'email', granted: false, source: 'desk', lawfulBasis: 'consent' },
  ]);
  kept = await documentIn(service, 'suppression', { businessId: link.businessId });
  const { businessId, customerId } = link;
  source = { _id: id(), businessId, kind: 'order', sourceId: id(), stamp: '1' };
  order = { ...source, customerId, attendeeIds: [customerId], status: 'done', counts: 'visit' };
  await business.createSegment({ name: 'Regulars', definition: { visitsAtLeast: 3 } });
  segment = await documentIn(service, 'segment', { businessId: link.businessId });
  await service.database.collection('activity_source').insertOne({ ...source });
  await service.database.collection('activity').insertOne({ ...order });
});

const without = (document: any, ...fields: string[]) =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !fields.includes(name)));
const id = () => new Types.ObjectId();

/** For each unique index, a live document that breaks this one and no other. */
const DOUBLES: Readonly<Record<string, () => any>> = {
  // It breaks the other as well: nothing can have the same business and customer and not the same customer.
  business_customer_unique: () => without(link, 'emailKeys', 'phoneKeys'),
  one_link_unique: () => ({ ...without(link, 'emailKeys', 'phoneKeys'), businessId: id() }),
  owner_email_unique: () => ({ ...without(link, 'phoneKeys'), customerId: id() }),
  owner_phone_unique: () => ({ ...without(link, 'emailKeys'), customerId: id() }),
  history: () => entry,
  business_key_unique: () => kept,
  business_source_customer_unique: () => order,
  business_source_unique: () => source,
  business_name_unique: () => ({ ...segment, slot: 1 }),
  business_slot_unique: () => ({ ...segment, nameKey: 'others' }),
};
/** What looks like a double and is none. */
const ALLOWED: readonly (readonly [string, () => any])[] = [
  [
    'the keys of one that holds them no longer',
    () => ({ ...link, customerId: id(), holdsEmail: false, holdsPhone: false }),
  ],
  ['the keys of another business', () => ({ ...link, customerId: id(), businessId: id() })],
  ['no email and no phone, once', () => ({ ...without(link, 'emailKeys', 'phoneKeys'), customerId: id() })],
  ['no email and no phone, twice', () => ({ ...without(link, 'emailKeys', 'phoneKeys'), customerId: id() })],
];

describe('the indexes', () => {
  it.each(declared)('of %s are built as they are declared', async (collection, indexes) => {
    const built = await service.database.collection(collection).listIndexes().toArray();
    const comparable = built
      .filter(({ name }) => name !== '_id_')
      .map(({ name, key, unique, partialFilterExpression, expireAfterSeconds }) => ({
        name,
        key,
        ...(unique === true && { unique }),
        ...(partialFilterExpression !== undefined && { partialFilterExpression }),
        ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
      }));
    const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
    expect(comparable.sort(byName)).toEqual([...indexes].sort(byName));
    // The order of an index's keys is its meaning, and an object compares without it.
    const keysOf = (list: readonly { name: string; key: object }[]) =>
      Object.fromEntries(list.map(({ name, key }) => [name, Object.keys(key)]));
    expect(keysOf(comparable)).toEqual(keysOf(indexes));
  });

  it.each(uniqueOnes)('of %s: %s refuses a live duplicate', async (collection, index) => {
    const double = DOUBLES[index];
    if (double === undefined) throw new Error(`Say here what breaks ${index}.`);
    const insert = service.database.collection(collection);
    await expectNothingWritten(service, async () => {
      await expect(insert.insertOne({ ...double(), _id: id() })).rejects.toMatchObject({
        code: 11000,
        message: expect.stringContaining(index),
      });
    });
  });

  it.each(ALLOWED)('let in %s', async (_what, document) => {
    await service.database.collection('customer_link').insertOne({ ...document(), _id: id() });
  });

  it('are all tried', () => {
    expect(Object.keys(DOUBLES).sort()).toEqual(uniqueOnes.map(([, name]) => name).sort());
    const count = declared.reduce((sum, [, indexes]) => sum + indexes.length, 0);
    report(
      9,
      `${count} indexes are built as declared, ${uniqueOnes.length} of ${uniqueOnes.length} unique ones refuse a live duplicate`,
    );
  });
});
