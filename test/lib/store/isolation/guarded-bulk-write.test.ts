import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { type BulkWrite, refuseUnscopedWrites } from '#lib/store/isolation/guarded-bulk-write.ts';
import { ScopeBreach } from '#lib/store/isolation/guard.ts';
import { noteLinkedCustomers } from '#lib/store/isolation/linked-customers.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { aBusinessId } from '#test/support/service.ts';

const businessId = aBusinessId();
const own = new Types.ObjectId(businessId);
const other = new Types.ObjectId();
const read = new Types.ObjectId();
const fresh = new Types.ObjectId();
const unread = new Types.ObjectId();

const to = (collection: string) => ({ namespace: `database.${collection}` });
const insert = (collection: string, document: object): BulkWrite => ({
  name: 'insertOne',
  ...to(collection),
  document,
});
const update = (
  collection: string,
  filter: object,
  change: object | object[] = { $set: { a: 1 } },
): BulkWrite => ({
  name: 'updateOne',
  ...to(collection),
  filter,
  update: change,
});
const remove = (collection: string, filter: object): BulkWrite => ({
  name: 'deleteMany',
  ...to(collection),
  filter,
});
/** A whole creation, as the unit of work stages it. */
const creation = [
  insert('customer', { _id: fresh }),
  insert('customer_audit', { businessId: own, customerId: fresh }),
  insert('customer_link', { businessId: own, customerId: fresh }),
  update('customer_link', { businessId: own, customerId: fresh }, [{ $set: { purgeAfter: '$$NOW' } }]),
  insert('outbox', { businessId: own, customerId: fresh }),
];

const send = (writes: readonly BulkWrite[], scope: unknown = aRequest()): void => {
  refuseUnscopedWrites(writes, scope);
};
const aRequest = () => {
  const scope = aScope(businessId);
  noteLinkedCustomers(scope, [{ customerId: read }]);
  return scope;
};

describe('writes in one command pass', () => {
  it.each<[string, readonly BulkWrite[]]>([
    ['a creation with its link', creation],
    ['a change of a customer that was read', [update('customer', { _id: read, __v: 1 })]],
    ['an answer under the business', [insert('idempotency', { _id: Buffer.alloc(32), businessId: own })]],
    ['the business’s own settings', [insert('business_settings', { _id: own })]],
  ])('%s', (_what, writes) => {
    expect(() => {
      send(writes);
    }).not.toThrow();
  });
});

describe('writes in one command are all refused because of', () => {
  it.each<[string, BulkWrite]>([
    ['a customer without a link', insert('customer', { _id: unread })],
    ['a link for another business', insert('customer_link', { businessId: other, customerId: fresh })],
    ['a link to another’s customer', insert('customer_link', { businessId: own, customerId: unread })],
    [
      'an audit entry for another business',
      insert('customer_audit', { businessId: other, customerId: fresh }),
    ],
    ['an event of a customer that was not read', insert('outbox', { businessId: own, customerId: unread })],
    ['an answer under another business', insert('idempotency', { _id: Buffer.alloc(32), businessId: other })],
    ['another’s settings', insert('business_settings', { _id: other })],
    ['an erasure record', insert('erasure', { _id: unread, businessId: own })],
    ['a change of a customer that was not read', update('customer', { _id: unread, __v: 1 })],
    ['a change of any customer', update('customer', { lastName: 'a' })],
    ['a change of another’s link', update('customer_link', { businessId: other, customerId: read })],
    ['a change of any link', update('customer_link', { customerId: read })],
    ['a link handed on', update('customer_link', { businessId: own }, { $set: { businessId: other } })],
    [
      'a link handed on by a pipeline',
      update('customer_link', { businessId: own }, [{ $set: { businessId: '$x' } }]),
    ],
    ['a link replaced by a pipeline', update('customer_link', { businessId: own }, [{ $replaceWith: {} }])],
    ['an update that is none', update('customer_link', { businessId: own }, [new Date()])],
    ['a removal of customers that were not read', remove('customer', { _id: { $in: [read, unread] } })],
    ['a removal of all customers', remove('customer', {})],
    ['a removal of all links', remove('customer_link', {})],
    [
      'a replacement',
      { name: 'replaceOne', ...to('customer_link'), filter: { businessId: own }, replacement: {} },
    ],
    ['an undeclared collection', insert('other', { businessId: own })],
  ])('%s', (_what, write) => {
    expect(() => {
      send([...creation, write]);
    }).toThrow(ScopeBreach);
  });

  it('a link to a new customer under another business, with the customer', () => {
    const foreign = [
      insert('customer', { _id: fresh }),
      insert('customer_link', { businessId: other, customerId: fresh }),
    ];
    expect(() => {
      send(foreign);
    }).toThrow(ScopeBreach);
  });

  it.each([undefined, { kind: 'business', businessId }])('a scope that is none: %p', (scope) => {
    expect(() => {
      refuseUnscopedWrites(creation, scope);
    }).toThrow('it has no scope');
  });

  it('a purpose that is not listed for one of them', () => {
    expect(() => {
      send([insert('outbox', {}), insert('business_settings', {})], aSystemScope('purge-deleted-customers'));
    }).toThrow('insert business_settings: not in the list of shapes for purge-deleted-customers');
  });
});
