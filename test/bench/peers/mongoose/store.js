import { Types } from 'mongoose';
import { lending } from '../same-work/rate-limit.js';

const MAX_TIME_MS = 8_500;
const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } };

const askedBy = ({ requestId }) => ({ comment: requestId, maxTimeMS: MAX_TIME_MS });
const ofBusiness = ({ businessId }) => ({ businessId: new Types.ObjectId(businessId) });

/** What the use cases ask of the database, by the models of a connection: lean reads, documents for writes. */
export const mongooseStore = (connection) => {
  const model = (name) => connection.model(name);
  return {
    oneThroughLink: async (id, scope) => {
      const [row = null] = await model('customer_link')
        .aggregate([
          { $match: { ...ofBusiness(scope), customerId: new Types.ObjectId(id) } },
          { $limit: 1 },
          { $project: { _id: 0, customerId: 1, mergedInto: 1 } },
          { $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' } },
        ])
        .option(askedBy(scope));
      return row;
    },
    count: (scope) =>
      model('customer_link')
        .countDocuments(ofBusiness(scope))
        .hint('business_type_state')
        .setOptions(askedBy(scope)),
    links: ({ after, skip, limit }, scope) =>
      model('customer_link')
        .aggregate([
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
        ])
        .option({ ...askedBy(scope), batchSize: limit + 1, hint: 'business_createdKey' }),
    settings: (scope) =>
      model('business_settings')
        .findById(scope.businessId)
        .select({ _id: 0 })
        .setOptions(askedBy(scope))
        .lean(),
    recordedAnswer: (ids, scope) =>
      model('idempotency')
        .findOne({ _id: { $in: ids }, ...ofBusiness(scope), expiresAt: { $gt: new Date() } })
        .setOptions(askedBy(scope))
        .lean(),
    borrow: (wish, limit, scope) =>
      model('rate_limit')
        .findOneAndUpdate({ _id: scope.businessId }, lending(wish, limit), {
          upsert: true,
          returnDocument: 'after',
          updatePipeline: true,
          ...askedBy(scope),
        })
        .lean(),
    save: ({ idempotency, ...records }, scope) =>
      connection.transaction((session) => {
        const inserts = Object.entries(records).map(([model, document]) => ({
          model,
          name: 'insertOne',
          document,
        }));
        const writes = idempotency === undefined ? inserts : [recording(idempotency), ...inserts];
        return connection.bulkWrite(writes, { session, ...askedBy(scope) });
      }, TRANSACTION),
  };
};

/** In place of one that has expired; another one is a duplicate. */
const recording = ({ _id, ...answer }) => ({
  model: 'idempotency',
  name: 'updateOne',
  filter: { _id, expiresAt: { $lte: new Date() } },
  update: { $set: answer },
  upsert: true,
});
