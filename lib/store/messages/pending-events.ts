import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { CustomerEvent } from '#lib/domain/messages/customer-event.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import {
  type OutboxDocument,
  PENDING_INDEX,
  PENDING_OF_CUSTOMER_INDEX,
} from '#lib/store/collections/outbox.ts';
import { connect } from '#lib/store/database/connection.ts';
import { inTransaction } from '#lib/store/database/transaction.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** A customer with very many events is read in parts, the first ones first. */
const PAGES_AT_ONCE = 4;

/** How many events that wait decide which customers come next, and whose events stay where they are. */
export type Which = Readonly<{ most: number; except: ReadonlySet<string> }>;

/**
 * The events that wait, of the customers of the oldest ones: each customer's in their order, from its first one on. The ids of
 * events are no order, because several machines make them, each before its commit.
 *
 * It is one snapshot: where it has an event, it has all earlier ones of that customer that wait. Two reads, one after the other,
 * could miss an earlier one.
 */
export const findPending = async (
  { most, except }: Which,
  scope: SystemScope,
): Promise<readonly CustomerEvent[]> => {
  const connection = await connect();
  return await inTransaction(connection, scope, async (session) => {
    const outbox = modelOf(connection, 'outbox');
    const passedBy = [...except].map((id) => new Types.ObjectId(id));
    const oldest = await outbox
      .find({
        pending: true,
        _id: { $gt: FIRST_ID },
        ...(passedBy.length > 0 && { customerId: { $nin: passedBy } }),
      })
      .sort({ _id: 1 })
      .limit(most)
      .select({ customerId: 1 })
      .hint(PENDING_INDEX)
      .session(session)
      .setOptions(queryOptions(scope))
      .lean<Pick<OutboxDocument, '_id' | 'customerId'>[]>();
    if (oldest.length === 0) return [];
    const customerIds = new Map(oldest.map(({ customerId }) => [customerId.toHexString(), customerId]));
    const found = await outbox
      .find({ pending: true, customerId: { $in: [...customerIds.values()] } })
      .sort({ customerId: 1, seq: 1 })
      .limit(PAGES_AT_ONCE * most)
      .hint(PENDING_OF_CUSTOMER_INDEX)
      .session(session)
      .setOptions(queryOptions(scope))
      .lean<OutboxDocument[]>();
    return found.map(toEvent);
  });
};

const toEvent = ({
  _id,
  businessId,
  customerId,
  seq = 0,
  about = {},
  ...event
}: OutboxDocument): CustomerEvent => {
  const { survivorId, ...more } = about;
  return {
    ...{ id: _id.toHexString(), businessId: businessId.toHexString(), customerId: customerId.toHexString() },
    ...{ type: event.type, seq, version: event.version, at: event.at, state: event.state },
    ...(event.fields !== undefined && { fields: event.fields }),
    ...more,
    ...(survivorId !== undefined && { survivorId: survivorId.toHexString() }),
  };
};

const waiting = (ids: readonly string[]) => ({
  _id: { $in: ids.map((id) => new Types.ObjectId(id)) },
  pending: true as const,
});

/** Notes that the bus has these events. They are kept for seven days. */
export const markPublished = async (
  ids: readonly string[],
  publishedAt: Date,
  scope: SystemScope,
): Promise<void> => {
  await modelOf(await connect(), 'outbox')
    .updateMany(waiting(ids), { $set: { publishedAt }, $unset: { pending: '' } })
    .setOptions(queryOptions(scope));
};

/** Notes that the bus refused these events once more. They wait on. */
export const noteRefused = async (ids: readonly string[], scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'outbox')
    .updateMany(waiting(ids), { $inc: { tries: 1 } })
    .setOptions(queryOptions(scope));
};

/** For how many milliseconds the oldest event has waited, by the database's clock; 0 when none waits. */
export const readLagMs = async (scope: SystemScope): Promise<number> => {
  const [oldest] = await guardedAggregate<{ at: Date; now: Date }>(
    await connect(),
    'outbox',
    [
      { $match: { pending: true, _id: { $gt: FIRST_ID } } },
      { $sort: { _id: 1 } },
      { $limit: 1 },
      { $project: { _id: 0, at: 1, now: '$$NOW' } },
    ],
    { scope, hint: PENDING_INDEX },
  );
  return oldest === undefined ? 0 : Math.max(0, oldest.now.getTime() - oldest.at.getTime());
};
