import { ObjectId } from 'mongodb';
import { lending } from '../same-work/rate-limit.js';

const MAX_TIME_MS = 8_500;
const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } };

const askedBy = ({ requestId }) => ({ comment: requestId, maxTimeMS: MAX_TIME_MS });
const ofBusiness = ({ businessId }) => ({ businessId: new ObjectId(businessId) });

/** What the use cases ask of the database, by the driver. */
export const driverStore = (client) => {
  const database = client.db();
  const collection = (name) => database.collection(name);
  return {
    oneThroughLink: async (id, scope) => {
      const [row = null] = await collection('customer_link')
        .aggregate(
          [
            { $match: { ...ofBusiness(scope), customerId: new ObjectId(id) } },
            { $limit: 1 },
            { $project: { _id: 0, customerId: 1, mergedInto: 1 } },
            { $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' } },
          ],
          askedBy(scope),
        )
        .toArray();
      return row;
    },
    count: (scope) =>
      collection('customer_link').countDocuments(ofBusiness(scope), {
        hint: 'business_type_state',
        ...askedBy(scope),
      }),
    links: ({ after, skip, limit }, scope) =>
      collection('customer_link')
        .aggregate(
          [
            {
              $match: {
                ...ofBusiness(scope),
                createdKey: { $gte: '', ...(after !== undefined && { $lt: after }) },
              },
            },
            { $sort: { createdKey: -1 } },
            ...(skip === 0 ? [] : [{ $skip: skip }]),
            { $limit: limit },
            { $project: { _id: 0, customerId: 1, createdKey: 1 } },
            { $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' } },
          ],
          { ...askedBy(scope), batchSize: limit + 1, hint: 'business_createdKey' },
        )
        .toArray(),
    settings: ({ businessId, ...scope }) =>
      collection('business_settings').findOne(
        { _id: new ObjectId(businessId) },
        { projection: { _id: 0 }, ...askedBy(scope) },
      ),
    recordedAnswer: (ids, scope) =>
      collection('idempotency').findOne(
        { _id: { $in: ids }, ...ofBusiness(scope), expiresAt: { $gt: new Date() } },
        askedBy(scope),
      ),
    borrow: (wish, limit, scope) =>
      collection('rate_limit').findOneAndUpdate(
        { _id: new ObjectId(scope.businessId) },
        lending(wish, limit),
        { upsert: true, returnDocument: 'after', ...askedBy(scope) },
      ),
    save: ({ idempotency, ...records }, scope) => {
      const inserts = Object.entries(records).map(([name, document]) => ({
        name: 'insertOne',
        namespace: `${database.databaseName}.${name}`,
        document,
      }));
      const writes = idempotency === undefined ? inserts : [recording(idempotency, database), ...inserts];
      return client.withSession((session) =>
        session.withTransaction(() => client.bulkWrite(writes, { session, ...askedBy(scope) }), TRANSACTION),
      );
    },
  };
};

/** In place of one that has expired; another one is a duplicate. */
const recording = ({ _id, ...answer }, { databaseName }) => ({
  name: 'updateOne',
  namespace: `${databaseName}.idempotency`,
  filter: { _id, expiresAt: { $lte: new Date() } },
  update: { $set: answer },
  upsert: true,
});
