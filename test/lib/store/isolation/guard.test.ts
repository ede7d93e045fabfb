import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { contracts } from '#functions/contracts.ts';
import type { Command } from '#lib/store/isolation/command.ts';
import { refuseUnscoped, ScopeBreach } from '#lib/store/isolation/guard.ts';
import { noteLinkedCustomers } from '#lib/store/isolation/linked-customers.ts';
import { SYSTEM_SHAPES } from '#lib/store/isolation/system-shapes.ts';
import { CallerScope } from '#lib/domain/access/scope.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { aBusinessId } from '#test/support/service.ts';

const businessId = aBusinessId();
const own = new Types.ObjectId(businessId);
const other = new Types.ObjectId();
const read = new Types.ObjectId();
const unread = new Types.ObjectId();

/** A request that has read the link of one customer. */
const aRequest = () => {
  const scope = aScope(businessId);
  noteLinkedCustomers(scope, [{ customerId: read }]);
  return scope;
};
const $set = { note: null };
const CLOCK = { _id: 0, now: '$$NOW' };
const lookup = { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' };
const links = (...pipeline: object[]): Command => ({
  collection: 'customer_link',
  operation: 'aggregate',
  pipeline: pipeline as Record<string, unknown>[],
});
const DAY = {
  $floor: {
    $divide: [{ $toDouble: { $trim: { input: { $substrBytes: ['$createdKey', 0, 13] } } } }, 86_400_000],
  },
};
const grouped = (group: object): Command => links({ $match: { businessId: own } }, { $group: group });
const find = (collection: Command['collection'], filter: Record<string, unknown>): Command => ({
  collection,
  operation: 'find',
  filter,
});
const erased = (ids: unknown): Command => ({
  collection: 'erasure',
  operation: 'find',
  filter: { _id: ids },
  projection: { _id: 1 },
});
const update = (filter: Record<string, unknown>, change: Record<string, unknown>): Command => ({
  collection: 'customer_link',
  operation: 'update',
  filter,
  change: [change],
});

describe('a business may send', () => {
  it.each<[string, Command]>([
    ['a find of its links', find('customer_link', { businessId: own, state: 'active' })],
    ['the clock of the database', links({ $match: { businessId: own } }, { $limit: 1 }, { $project: CLOCK })],
    ['an insert into its consents', insertOf('consent', { businessId: own, customerId: read })],
    ['a find of its consents', find('consent', { businessId: own })],
    ['a find of its settings', find('business_settings', { _id: own })],
    ['an update of its links', update({ businessId: own, version: 1 }, { $set, $unset: { purgeAfter: '' } })],
    ['an insert into its outbox', insertOf('outbox', { businessId: own, customerId: read })],
    [
      'an aggregate of its links with their customers',
      links(
        { $match: { businessId: own } },
        { $sort: { a: 1 } },
        { $limit: 1 },
        { $project: { _id: 0 } },
        { $lookup: lookup },
      ),
    ],
    ['a count, as the driver does it', grouped({ _id: 1, n: { $sum: 1 } })],
    ['a count by fields', grouped({ _id: { type: '$customerType', state: '$state' }, n: { $sum: 1 } })],
    ['a count by the day of a key', grouped({ _id: DAY, n: { $sum: 1 } })],
    ['a find of a customer it has read', find('customer', { _id: read })],
    ['a find of customers it has read', find('customer', { _id: { $in: [read, read] } })],
    [
      'an update of one',
      { collection: 'customer', operation: 'update', filter: { _id: read, __v: 1 }, change: [{ $set }] },
    ],
    ['whether an id was erased', erased(unread)],
    ['which of some ids were erased', erased({ $in: [read, unread] })],
  ])('%s', (_what, command) => {
    expect(() => {
      refuseUnscoped(command, aRequest());
    }).not.toThrow();
  });
});

describe('a business may not send', () => {
  it.each<[string, Command]>([
    ['a find without its id', find('customer_link', { state: 'active' })],
    ['a find of another business', find('customer_link', { businessId: other })],
    [
      'an update of a consent',
      { collection: 'consent', operation: 'update', filter: { businessId: own }, change: [{ $set }] },
    ],
    [
      'a delete of a consent',
      { collection: 'consent', operation: 'delete', filter: { businessId: own, _id: { $in: [read] } } },
    ],
    ['a consent of a customer it has not read', insertOf('consent', { businessId: own, customerId: unread })],
    [
      'the clock as the id of a customer',
      links({ $match: { businessId: own } }, { $project: { _id: 0, customerId: '$$NOW' } }),
    ],
    [
      'the clock beside a field it makes up',
      links({ $match: { businessId: own } }, { $project: { ...CLOCK, customerId: { $literal: unread } } }),
    ],
    ['the clock with an id', links({ $match: { businessId: own } }, { $project: { ...CLOCK, _id: 1 } })],
    [
      'another variable as the clock',
      links({ $match: { businessId: own } }, { $project: { ...CLOCK, now: '$$ROOT' } }),
    ],
    ['a find of its own or another', find('customer_link', { businessId: { $in: [own, other] } })],
    ['a find by anything but equality', find('customer_link', { businessId: { $exists: true } })],
    ['a find with its id in an alternative', find('customer_link', { $or: [{ businessId: own }, {}] })],
    ['a find with its id as text', find('customer_link', { businessId })],
    ['a find of another’s settings', find('business_settings', { _id: other })],
    ['a find of all erasures', find('erasure', {})],
    ['a find of what an erasure says', find('erasure', { _id: unread })],
    ['a find of what erasures say', find('erasure', { _id: { $in: [unread] } })],
    ['a find of all erased ids but one', erased({ $ne: unread })],
    ['a find of no erased ids in particular', erased({ $in: [] })],
    ['a find of erased ids of which one is a pattern', erased({ $in: [unread, /a/] })],
    ['a find of migrations', find('migration', {})],
    ['a find of a customer it has not read', find('customer', { _id: unread })],
    ['a find of one it has read and one it has not', find('customer', { _id: { $in: [read, unread] } })],
    ['a find of all customers but one', find('customer', { _id: { $ne: read } })],
    ['a find of customers by more than ids', find('customer', { _id: { $in: [read], $exists: true } })],
    ['a find of customers by name', find('customer', { lastName: 'Kowalska' })],
    [
      'an aggregate of customers',
      { collection: 'customer', operation: 'aggregate', pipeline: [{ $match: { _id: read } }] },
    ],
    [
      'a delete of a customer it has not read',
      { collection: 'customer', operation: 'delete', filter: { _id: unread } },
    ],
    ['a delete of links without its id', { collection: 'customer_link', operation: 'delete', filter: {} }],
    ['an update of another’s links', update({ businessId: other }, { $set })],
    ['a link handed to another business', update({ businessId: own }, { $set: { businessId: other } })],
    ['a link pointed at another customer', update({ businessId: own }, { $set: { customerId: unread } })],
    ['a link renamed into another’s', update({ businessId: own }, { $rename: { restoreTo: 'businessId' } })],
    ['a link replaced', update({ businessId: own }, { state: 'active' })],
    ['an insert for another business', insertOf('outbox', { businessId: other, customerId: read })],
    [
      'a link to a customer it has not read',
      insertOf('customer_link', { businessId: own, customerId: unread }),
    ],
    ['a customer without a link', insertOf('customer', { _id: unread })],
    [
      'a find of links whose customers it makes up',
      {
        ...find('customer_link', { businessId: own }),
        projection: { customerId: { $literal: unread } },
      } as Command,
    ],
    ['an aggregate that starts otherwise', links({ $sort: { a: 1 } }, { $match: { businessId: own } })],
    ['an aggregate of nothing', links()],
    [
      'a join to other links',
      links({ $match: { businessId: own } }, { $lookup: { ...lookup, from: 'customer_link' } }),
    ],
    [
      'a join by another field',
      links({ $match: { businessId: own } }, { $lookup: { ...lookup, localField: 'bodyHash' } }),
    ],
    [
      'a join with a pipeline',
      links({ $match: { businessId: own } }, { $lookup: { ...lookup, pipeline: [] } }),
    ],
    [
      'a join with a pipeline in place of a name',
      links(
        { $match: { businessId: own } },
        { $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', pipeline: [] } },
      ),
    ],
    [
      'a join with another one’s field',
      links({ $match: { businessId: own } }, { $lookup: { ...lookup, foreignField: 'firstName' } }),
    ],
    [
      'a join by an id it makes up',
      links(
        { $match: { businessId: own } },
        { $project: { customerId: { $literal: unread } } },
        { $lookup: lookup },
      ),
    ],
    ...['$unionWith', '$graphLookup', '$facet', '$merge', '$out', '$set', '$replaceRoot'].map(
      (stage): [string, Command] => [stage, links({ $match: { businessId: own } }, { [stage]: {} })],
    ),
    ['a sum of anything', grouped({ _id: 1, n: { $sum: '$version' } })],
    ['a group that collects its documents', grouped({ _id: 1, n: { $push: '$$ROOT' } })],
    [
      'a group that gives more than a number',
      grouped({ _id: 1, n: { $sum: 1 }, customerId: { $first: '$customerId' } }),
    ],
    ['a group without a number', grouped({ _id: '$customerId' })],
    ['a group by whole documents', grouped({ _id: '$$ROOT', n: { $sum: 1 } })],
    ['a group by a variable', grouped({ _id: { a: '$$NOW' }, n: { $sum: 1 } })],
    [
      'a group by a script',
      grouped({ _id: { $function: { body: '', args: [], lang: 'js' } }, n: { $sum: 1 } }),
    ],
    ['a group by what it makes up', grouped({ _id: { $literal: unread }, n: { $sum: 1 } })],
    [
      'a group by a script within a reckoning',
      grouped({ _id: { $floor: { $function: {} } }, n: { $sum: 1 } }),
    ],
    ['two stages in one', links({ $match: { businessId: own } }, { $limit: 1, $unionWith: 'customer' })],
  ])('%s', (_what, command) => {
    expect(() => {
      refuseUnscoped(command, aRequest());
    }).toThrow(ScopeBreach);
  });

  it('what another attempt of the same request has read', () => {
    expect(() => {
      refuseUnscoped(find('customer', { _id: read }), aRequest().again());
    }).toThrow('it must name customers by _id, and their links must have been read');
  });
});

describe('nothing may be sent', () => {
  const literal = { kind: 'business', businessId, actorId: 'a', role: 'OWNER', requestId: 'r', deadline: 1 };

  it.each<[string, unknown]>([
    ['without a scope', undefined],
    ['with a literal', literal],
    ['with a literal for the system', { kind: 'system', purpose: 'purge-deleted-customers' }],
    ['with a copy', Object.assign({}, aScope(businessId))],
  ])('%s', (_what, scope) => {
    expect(() => {
      refuseUnscoped(find('customer_link', { businessId: own }), scope);
    }).toThrow('it has no scope');
  });
});

describe('a system task may send', () => {
  const dueLinks = find('customer_link', { state: 'deleted', purgeAfter: {}, legalHold: {} });
  const removal: Command = { collection: 'customer', operation: 'delete', filter: { _id: { $in: [read] } } };

  it('what is listed for its purpose', () => {
    expect(() => {
      refuseUnscoped(dueLinks, aSystemScope('purge-deleted-customers'));
    }).not.toThrow();
  });

  it.each<[string, string, Command]>([
    ['what is listed for another', 'enforce-uniqueness', dueLinks],
    ['anything, for a purpose nobody listed', 'tidy-up', dueLinks],
    ['anything, for a purpose that every object has', 'constructor', dueLinks],
    ['less of a filter', 'purge-deleted-customers', find('customer_link', { state: 'deleted' })],
    ['another operation', 'purge-deleted-customers', { ...dueLinks, operation: 'delete', filter: {} }],
    ['another collection', 'purge-deleted-customers', { ...dueLinks, collection: 'outbox' }],
    ['a filter under an $or', 'purge-deleted-customers', find('customer_link', { $or: [{ state: 1 }] })],
    [
      'more stages',
      'purge-deleted-customers',
      links({ $limit: 1 }, { $project: {} }, { $unionWith: 'customer' }),
    ],
  ])('not %s', (_what, purpose, command) => {
    expect(() => {
      refuseUnscoped(command, aSystemScope(purpose));
    }).toThrow(`not in the list of shapes for ${purpose}`);
  });

  it('a delete of consents by their ids for an erasure only', () => {
    const erasure = aScope(businessId, { purpose: 'honour-privacy-rights' });
    const deleteBy = (filter: Record<string, unknown>): Command => ({
      collection: 'consent',
      operation: 'delete',
      filter,
    });
    expect(() => {
      refuseUnscoped(deleteBy({ businessId: own, _id: { $in: [read] } }), erasure);
      refuseUnscoped(deleteBy({ businessId: own, _id: read }), aSystemScope('finish-erasures'));
    }).not.toThrow();
    expect(() => {
      refuseUnscoped(deleteBy({ businessId: own }), erasure);
    }).toThrow('the entries of this collection are only added');
  });

  it('no update of what is only added to, whatever is listed', () => {
    const change: Command = { collection: 'consent', operation: 'update', filter: {}, change: [{ $set }] };
    expect(() => {
      refuseUnscoped(change, aSystemScope('purge-deleted-customers'));
    }).toThrow('the entries of this collection are only added');
  });

  it('a delete of customers only if links led to all of them in the same batch', () => {
    const scope = aSystemScope('purge-deleted-customers');
    expect(() => {
      refuseUnscoped(removal, scope);
    }).toThrow('their links must have been read');
    noteLinkedCustomers(scope, [{ customerId: read }]);
    expect(() => {
      refuseUnscoped(removal, scope);
    }).not.toThrow();
    expect(() => {
      refuseUnscoped(removal, scope.again());
    }).toThrow('their links must have been read');
  });

  it.each(
    contracts
      // An event acts in its business, as a request does.
      .filter(({ kind, needs }) => !['route', 'queue'].includes(kind) && needs.includes('database'))
      .map(({ name }) => name),
  )('%s: is listed', (name) => {
    expect(Object.keys(SYSTEM_SHAPES)).toContain(name);
  });
});

describe('a breach', () => {
  it('describes the command by its shape, without any value', () => {
    const command = find('customer', { lastName: 'Canary', $or: [{ email: 'canary@example.com' }] });
    expect(() => {
      refuseUnscoped(command, aRequest());
    }).toThrow(/^Not sent: find customer by \$or\(email\), lastName: it must name customers by _id/);
  });
});

function insertOf(collection: Command['collection'], document: Record<string, unknown>): Command {
  return { collection, operation: 'insert', document };
}

describe('a refused caller', () => {
  const caller = new CallerScope({ actorId: 'eve', requestId: 'r', deadline: Date.now() + 5_000 });
  const counting = (
    filter: Record<string, unknown>,
    collection: Command['collection'] = 'refusal_budget',
  ) => ({
    ...{ collection, operation: 'update' as const, filter },
    change: [{ $set: { spent: 1 } }],
  });

  it('may update its own count', () => {
    expect(() => {
      refuseUnscoped(counting({ _id: 'eve' }), caller);
    }).not.toThrow();
  });

  it.each<[string, Command]>([
    ['the count of another', counting({ _id: 'adam' })],
    ['all counts', counting({})],
    ['counts by a condition', counting({ _id: { $ne: '' } })],
    ['its own count and more', counting({ _id: 'eve', spent: 1 })],
    ['a document of a business', counting({ _id: 'eve' }, 'customer_link')],
    ['a document of the service', counting({ _id: 'eve' }, 'migration')],
    ['a customer', counting({ _id: own }, 'customer')],
    ['the id of its count', { ...counting({ _id: 'eve' }), change: [{ $set: { _id: 'adam' } }] }],
  ])('may not update %s', (_what, command) => {
    expect(() => {
      refuseUnscoped(command, caller);
    }).toThrow(ScopeBreach);
  });

  it.each<[string, Command]>([
    ['read', find('refusal_budget', { _id: 'eve' })],
    ['delete', { collection: 'refusal_budget', operation: 'delete', filter: { _id: 'eve' } }],
    ['insert', { collection: 'refusal_budget', operation: 'insert', document: { _id: 'eve' } }],
    ['aggregate', { collection: 'refusal_budget', operation: 'aggregate', pipeline: [] }],
  ])('may not %s it', (_what, command) => {
    expect(() => {
      refuseUnscoped(command, caller);
    }).toThrow(ScopeBreach);
  });

  it('has a count that no business and no task may touch', () => {
    for (const scope of [aRequest(), aSystemScope('purge-deleted-customers')])
      expect(() => {
        refuseUnscoped(counting({ _id: 'eve' }), scope);
      }).toThrow(ScopeBreach);
  });
});
