import { describe, expect, it } from '@jest/globals';
import { ObjectId } from 'bson';
import { Judge } from './judge.ts';
import type { Fields } from './message.ts';

const own = new ObjectId();
const other = new ObjectId();
const read = new ObjectId();
const unread = new ObjectId();
const fresh = new ObjectId();
const CURSOR = 7n;

/** A judge that knows one request of a business; the request has read one link through a cursor that is still open. */
const aJudge = (): Judge => {
  const judge = new Judge();
  judge.expect('request', own.toHexString());
  const links = {
    name: 'find',
    body: { find: 'customer_link', filter: { businessId: own }, comment: 'request' },
  };
  expect(judge.judge(links)).toBeNull();
  judge.hear(links, { cursor: { id: CURSOR, firstBatch: [{ customerId: read }] } });
  return judge;
};
const verdict = (body: Fields, judge = aJudge()) =>
  judge.judge({
    name: Object.keys(body)[0] ?? '',
    body: {
      ...body,
      writeConcern: body['writeConcern'] ?? { w: 'majority' },
      comment: body['comment'] ?? 'request',
    },
  });

const mine = { businessId: own };
const lookup = { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' };
const DAY = {
  $floor: {
    $divide: [{ $toDouble: { $trim: { input: { $substrBytes: ['$createdKey', 0, 13] } } } }, 86_400_000],
  },
};
const links = (...stages: Fields[]): Fields => ({
  aggregate: 'customer_link',
  pipeline: [{ $match: mine }, ...stages],
});
const bulk = (...ops: [kind: string, collection: string, fields: Fields][]): Fields => ({
  bulkWrite: 1,
  ops: ops.map(([kind, , fields], index) => ({ [kind]: index, ...fields })),
  nsInfo: ops.map(([, collection]) => ({ ns: `a-database.${collection}` })),
});
const creation = [
  ['insert', 'customer', { document: { _id: fresh } }],
  ['insert', 'customer_link', { document: { ...mine, customerId: fresh } }],
  ['insert', 'outbox', { document: { ...mine, customerId: fresh } }],
] satisfies [string, string, Fields][];
const update = (u: unknown, q: Fields = mine): Fields => ({ update: 'customer_link', updates: [{ q, u }] });

describe('the judge lets pass', () => {
  it.each<[string, Fields]>([
    ['a handshake', { hello: 1 }],
    ['the end of a transaction', { commitTransaction: 1 }],
    ['a find by the business', { find: 'customer_link', filter: { ...mine, state: 'active' } }],
    ['a find of its settings', { find: 'business_settings', filter: { _id: own } }],
    ['a find of a customer that was read', { find: 'customer', filter: { _id: { $in: [read] } } }],
    ['a count by the business', { count: 'tombstone', query: mine }],
    ['a distinct by the business', { distinct: 'customer_link', key: 'state', query: mine }],
    [
      'the join of links with their customers',
      links({ $sort: { a: 1 } }, { $limit: 1 }, { $lookup: lookup }),
    ],
    ['the driver’s own count', links({ $group: { _id: 1, n: { $sum: 1 } } })],
    [
      'a count by fields',
      links({ $group: { _id: { type: '$customerType', state: '$state' }, n: { $sum: 1 } } }),
    ],
    ['a count by the day of a key', links({ $group: { _id: DAY, n: { $sum: 1 } } })],
    ['a creation with its link', bulk(...creation)],
    [
      'a change of a customer that was read',
      bulk(['update', 'customer', { filter: { _id: read }, updateMods: { $set: { a: 1 } } }]),
    ],
    ['more of an open cursor', { getMore: CURSOR, collection: 'customer_link' }],
    ['the end of an open cursor', { killCursors: 'customer_link', cursors: [CURSOR] }],
    ['an explanation of what may pass', { explain: { find: 'customer_link', filter: mine } }],
    ['whether an id was erased', { find: 'erasure', filter: { _id: unread }, projection: { _id: 1 } }],
    [
      'which of some ids were erased',
      { find: 'erasure', filter: { _id: { $in: [read, unread] } }, projection: { _id: 1 } },
    ],
    ['the clock of the database', links({ $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } })],
    [
      'a consent of a customer that was read',
      { insert: 'consent', documents: [{ ...mine, customerId: read }] },
    ],
    [
      'a sweep of consents',
      { delete: 'consent', deletes: [{ q: { ...mine, _id: { $in: [read] } }, limit: 0 }] },
    ],
    ['a listed task', { find: 'migration', comment: 'migrate-database task' }],
    ['a write of a transaction', { ...update({ $set: { a: 1 } }), autocommit: false, writeConcern: {} }],
  ])('%s', (_what, body) => {
    expect(verdict(body)).toBeNull();
  });
});

describe('the judge refuses', () => {
  it.each<[string, Fields]>([
    ['an update of a consent', { update: 'consent', updates: [{ q: mine, u: { $set: { granted: true } } }] }],
    ['a delete of a consent', { delete: 'consent', deletes: [{ q: mine, limit: 1 }] }],
    ['the clock as an id', links({ $project: { _id: 0, customerId: '$$NOW' } })],
    ['another variable as the clock', links({ $project: { _id: 0, now: '$$ROOT' } })],
    ['a find of everything', { find: 'customer_link', filter: {} }],
    ['a find without a filter', { find: 'customer_link' }],
    ['a find that says nobody’s it is', { find: 'customer_link', filter: mine, comment: 1 }],
    ['a find of another business', { find: 'customer_link', filter: { businessId: other } }],
    ['a find of one or another', { find: 'customer_link', filter: { businessId: { $in: [own, other] } } }],
    ['a find by an alternative', { find: 'customer_link', filter: { $or: [mine, {}] } }],
    ['a find with the id as a text', { find: 'customer_link', filter: { businessId: own.toHexString() } }],
    [
      'a find that makes customers up',
      { find: 'customer_link', filter: mine, projection: { customerId: { $literal: unread } } },
    ],
    ['a find of a customer that was not read', { find: 'customer', filter: { _id: unread } }],
    [
      'a find of one that was and one that was not',
      { find: 'customer', filter: { _id: { $in: [read, unread] } } },
    ],
    ['a find of no customers in particular', { find: 'customer', filter: { _id: { $in: [] } } }],
    ['a find of all but one', { find: 'customer', filter: { _id: { $ne: read } } }],
    ['a find of customers by name', { find: 'customer', filter: { lastName: 'a' } }],
    ['a find of another’s settings', { find: 'business_settings', filter: { _id: other } }],
    ['a find of what an erasure says', { find: 'erasure', filter: { _id: unread } }],
    [
      'a find of all erased ids but one',
      { find: 'erasure', filter: { _id: { $ne: unread } }, projection: { _id: 1 } },
    ],
    [
      'a find of no erased ids in particular',
      { find: 'erasure', filter: { _id: { $in: [] } }, projection: { _id: 1 } },
    ],
    [
      'a find of erased ids that are no ids',
      { find: 'erasure', filter: { _id: { $in: [unread, { $gt: unread }] } }, projection: { _id: 1 } },
    ],
    ['a find in a collection nobody declared', { find: 'system.profile', filter: mine }],
    ['a find in a collection named like what every object has', { find: 'constructor', filter: mine }],
    ['a count of everything', { count: 'customer_link', query: {} }],
    ['a distinct of customers', { distinct: 'customer', key: 'email', query: {} }],
    [
      'a distinct of another business',
      { distinct: 'customer_link', key: 'customerId', query: { businessId: other } },
    ],
    ['an aggregate of customers', { aggregate: 'customer', pipeline: [{ $match: { _id: read } }] }],
    ['an aggregate of the database', { aggregate: 1, pipeline: [{ $currentOp: {} }] }],
    [
      'an aggregate that matches late',
      { aggregate: 'customer_link', pipeline: [{ $limit: 1 }, { $match: mine }] },
    ],
    ['an aggregate without stages', { aggregate: 'customer_link', pipeline: [] }],
    ['a join to another collection', links({ $lookup: { ...lookup, from: 'customer_audit' } })],
    ['a join by another field', links({ $lookup: { ...lookup, localField: 'bodyHash' } })],
    ['a join by a pipeline', links({ $lookup: { ...lookup, pipeline: [] } })],
    ['a join from elsewhere', { aggregate: 'outbox', pipeline: [{ $match: mine }, { $lookup: lookup }] }],
    [
      'a join by ids it makes up',
      links({ $project: { customerId: { $literal: unread } } }, { $lookup: lookup }),
    ],
    ...['$unionWith', '$graphLookup', '$merge', '$out', '$facet', '$set', '$replaceWith', '$unwind'].map(
      (stage): [string, Fields] => [stage, links({ [stage]: { from: 'customer' } })],
    ),
    ['a sum of anything', links({ $group: { _id: 1, n: { $sum: '$version' } } })],
    ['a group that collects its documents', links({ $group: { _id: 1, n: { $push: '$$ROOT' } } })],
    [
      'a group that gives more than a number',
      links({ $group: { _id: 1, n: { $sum: 1 }, customerId: { $first: '$customerId' } } }),
    ],
    ['a group without a number', links({ $group: { _id: '$customerId' } })],
    ['a group by whole documents', links({ $group: { _id: '$$ROOT', n: { $sum: 1 } } })],
    ['a group by a variable', links({ $group: { _id: { a: '$$NOW' }, n: { $sum: 1 } } })],
    [
      'a group by a script',
      links({ $group: { _id: { $function: { body: '', args: [], lang: 'js' } }, n: { $sum: 1 } } }),
    ],
    ['a group by what it makes up', links({ $group: { _id: { $literal: unread }, n: { $sum: 1 } } })],
    [
      'a group by a script within a reckoning',
      links({ $group: { _id: { $floor: { $function: {} } }, n: { $sum: 1 } } }),
    ],
    ['a group by another reckoning', links({ $group: { _id: { $floor: '$version' }, n: { $sum: 1 } } })],
    ['two stages in one', links({ $limit: 1, $unionWith: 'customer' })],
    ['a stage that is nothing', links({ $project: null })],
    ['an insert for another business', { insert: 'outbox', documents: [mine, { businessId: other }] }],
    ['an insert of a customer without a link', { insert: 'customer', documents: [{ _id: unread }] }],
    [
      'an insert of a link to anybody',
      { insert: 'customer_link', documents: [{ ...mine, customerId: unread }] },
    ],
    ['an update of everything', update({ $set: { a: 1 } }, {})],
    ['an update of another business', update({ $set: { a: 1 } }, { businessId: other })],
    ['a link handed to another business', update({ $set: { businessId: other } })],
    ['a link pointed at another customer', update([{ $set: { customerId: unread } }])],
    ['a link renamed into another’s', update({ $rename: { a: 'businessId' } })],
    ['a link replaced', update({ state: 'active' })],
    ['a delete of everything', { delete: 'customer_link', deletes: [{ q: {}, limit: 0 }] }],
    [
      'a delete of a customer that was not read',
      { delete: 'customer', deletes: [{ q: { _id: unread }, limit: 1 }] },
    ],
    [
      'findAndModify of another business',
      { findAndModify: 'customer_link', query: { businessId: other }, update: { $set: { a: 1 } } },
    ],
    ['findAndModify that removes', { findAndModify: 'customer', query: { _id: unread }, remove: true }],
    [
      'a bulk write with a foreign insert',
      bulk(...creation, ['insert', 'outbox', { document: { businessId: other } }]),
    ],
    [
      'a bulk write with a foreign update',
      bulk(...creation, ['update', 'customer', { filter: { _id: unread }, updateMods: { $set: { a: 1 } } }]),
    ],
    [
      'a bulk write with a foreign delete',
      bulk(...creation, ['delete', 'customer_link', { filter: { businessId: other } }]),
    ],
    ['a bulk write to another collection', bulk(...creation, ['insert', 'other', { document: mine }])],
    [
      'a customer with another’s link',
      bulk(creation[0]!, ['insert', 'customer_link', { document: { businessId: other, customerId: fresh } }]),
    ],
    ['more of a cursor nobody opened', { getMore: 8n, collection: 'customer' }],
    ['the end of a cursor nobody opened', { killCursors: 'customer', cursors: [CURSOR, 8n] }],
    ['an explanation of an unscoped find', { explain: { find: 'customer_link', filter: {} } }],
    ['an explanation of what is unknown', { explain: { mapReduce: 'customer' } }],
    ['an explanation of nothing', { explain: 1 }],
    ['a task that is not listed', { find: 'customer_link', filter: {}, comment: 'tidy-up task' }],
    [
      'a task named like what every object has',
      { find: 'customer_link', filter: {}, comment: 'constructor task' },
    ],
    [
      'what is not listed for the task',
      { find: 'customer_link', filter: {}, comment: 'migrate-database task' },
    ],
    ['a request that calls itself a task', { find: 'migration', comment: 'migrate-database request' }],
    [
      'a task on customers no link led to',
      { delete: 'customer', deletes: [{ q: { _id: unread } }], comment: 'purge-deleted-customers task' },
    ],
    ...['watch', 'mapReduce', 'drop', 'dropDatabase', 'renameCollection', 'eval', 'unreadable', ''].map(
      (name): [string, Fields] => [`the command «${name}»`, { [name]: 'customer' }],
    ),
    ['a change stream', { aggregate: 'customer_link', pipeline: [{ $changeStream: {} }] }],
  ])('%s', (_what, body) => {
    expect(verdict(body)).not.toBeNull();
  });

  it('what another request has read', () => {
    const judge = aJudge();
    judge.expect('next', own.toHexString());
    expect(verdict({ find: 'customer', filter: { _id: read }, comment: 'next' }, judge)).not.toBeNull();
  });

  it('the second business of a request of which it was told nothing', () => {
    const judge = aJudge();
    expect(verdict({ find: 'customer_link', filter: mine, comment: 'unknown' }, judge)).toBeNull();
    expect(
      verdict({ find: 'customer_link', filter: { businessId: other }, comment: 'unknown' }, judge),
    ).toMatch('it names another business');
  });

  it.each([{}, { w: 1 }, { w: 2 }])('a write that waits for %j', (writeConcern) => {
    expect(verdict(update({ $set: { a: 1 } }))).toBeNull();
    expect(verdict({ ...update({ $set: { a: 1 } }), writeConcern })).toMatch('until a majority has it');
  });

  it('by a sentence with the shape of the command and without a value', () => {
    expect(verdict({ find: 'customer', filter: { lastName: 'Canary', email: 'canary@example.com' } })).toBe(
      'find customer by email, lastName: a customer that no link of this request led to',
    );
  });
});

describe('the count of a caller’s refusals', () => {
  const count = (q: Fields): Fields => ({
    findAndModify: 'refusal_budget',
    query: q,
    update: [{ $set: { spent: 1 } }],
  });
  const eves = (): Judge => {
    const judge = new Judge();
    judge.expect('request', own.toHexString(), 'eve');
    return judge;
  };

  it('is the caller’s own, and only updated', () => {
    expect(verdict(count({ _id: 'eve' }), eves())).toBeNull();
    expect(verdict(count({ _id: 'adam' }), eves())).toMatch(/another caller/);
    expect(verdict(count({ _id: { $ne: '' } }), eves())).toMatch(/another caller/);
    expect(verdict(count({ _id: 'eve', spent: 1 }), eves())).toMatch(/another caller/);
    expect(verdict(count({}), eves())).toMatch(/another caller/);
    expect(verdict({ find: 'refusal_budget', filter: { _id: 'eve' } }, eves())).toMatch(/another caller/);
  });

  it('is of links where a request comes by one, and then of no caller', () => {
    const judge = new Judge();
    expect(verdict(count({ _id: 'link:a' }), judge)).toBeNull();
    expect(verdict(count({ _id: 'link:all' }), judge)).toBeNull();
    expect(verdict(count({ _id: 'adam' }), judge)).toMatch(/another caller/);
    expect(verdict(count({ _id: 'link:a' }), eves())).toMatch(/another caller/);
  });

  it('is of one caller for all commands of a request', () => {
    const judge = new Judge();
    expect(verdict(count({ _id: 'eve' }), judge)).toBeNull();
    expect(verdict(count({ _id: 'adam' }), judge)).toMatch(/another caller/);
  });
});
