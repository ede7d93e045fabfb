import { randomBytes } from 'node:crypto';
import { type AnyClientBulkWriteModel, type Document, MongoClient, ObjectId } from 'mongodb';

/**
 * The same database work as the handlers', sent by the bare driver: same commands, same documents, same
 * transaction; no parsing, no rules, no encryption, no answer. What the handlers cost on top is theirs.
 */
export const sameWork = async ({
  uri,
  businessId,
  ids,
}: {
  uri: string;
  businessId: string;
  ids: readonly string[];
}) => {
  const client = new MongoClient(uri, { maxPoolSize: 2 });
  await client.connect();
  const database = client.db();
  const links = database.collection('customer_link');
  const customers = database.collection('customer');
  const business = new ObjectId(businessId);
  const template: Record<'link' | 'customer' | 'audit' | 'event', Document | null> = {
    link: await links.findOne({ businessId: business, customerId: new ObjectId(ids[0]) }),
    customer: await customers.findOne({ _id: new ObjectId(ids[0]) }),
    audit: await database.collection('customer_audit').findOne({ businessId: business }),
    event: await database.collection('outbox').findOne({ businessId: business }),
  };

  const get = async () =>
    JSON.stringify(
      await links
        .aggregate([
          { $match: { businessId: business, customerId: new ObjectId(ids[0]) } },
          { $limit: 1 },
          {
            $project: {
              _id: 0,
              customerId: 1,
              relation: 1,
              restoreTo: 1,
              auditSeq: 1,
              auditHead: 1,
              bodyDigest: 1,
              keyUse: 1,
            },
          },
          { $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' } },
        ])
        .toArray(),
    );

  const find = async () => {
    const [page, totalSize] = await Promise.all([
      links
        .find({ businessId: business, createdKey: { $gte: '' } }, { projection: { _id: 0, customerId: 1 } })
        .sort({ createdKey: -1 })
        .limit(20)
        .toArray(),
      links.countDocuments({ businessId: business }),
    ]);
    const items = await customers
      .find({ _id: { $in: page.map(({ customerId }) => customerId as ObjectId) } })
      .toArray();
    return JSON.stringify({ items, totalSize });
  };

  const create = async () => {
    const customerId = new ObjectId();
    const keys = { emailKeys: [randomBytes(32)], phoneKeys: [randomBytes(32)] };
    const [tokens, matchKeys] = ['searchTokens', 'matchKeys'].map((field) =>
      Array.from(template.link?.[field] as unknown[], () => randomBytes(8)),
    );
    const session = client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    const name = database.databaseName;
    const id = customerId.toHexString();
    const writes: AnyClientBulkWriteModel<Document>[] = [
      {
        name: 'insertOne',
        namespace: `${name}.customer`,
        document: { ...template.customer, _id: customerId },
      },
      {
        name: 'insertOne',
        namespace: `${name}.customer_audit`,
        document: { ...template.audit, _id: new ObjectId(), customerId },
      },
      {
        name: 'insertOne',
        namespace: `${name}.customer_link`,
        document: {
          ...template.link,
          ...keys,
          _id: new ObjectId(),
          customerId,
          searchTokens: tokens,
          matchKeys,
          createdKey: `1${id}`,
        },
      },
      {
        name: 'insertOne',
        namespace: `${name}.outbox`,
        document: { ...template.event, _id: new ObjectId() },
      },
    ];
    await client.bulkWrite(writes, { session });
    await session.commitTransaction();
    await session.endSession();
  };

  return { get, find, create, close: () => client.close() };
};
