import { type Connection, Types } from 'mongoose';
import type { BusinessScope, SystemScope } from '#lib/domain/access/scope.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';

/** Earlier than every date in the database. Some engines walk an index in its order only when it has a bound. */
export const BEGINNING = new Date(0);

/**
 * The time by the database's clock, because a Lambda's clock must not decide what is purged. It is read together with a
 * link; when the database has no links, the answer is `BEGINNING`, when nothing can be due.
 */
export const readDatabaseNow = async (connection: Connection, scope: SystemScope): Promise<Date> => {
  const reading = [{ $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } }];
  const [clock] = await guardedAggregate<{ now: Date }>(connection, 'customer_link', reading, { scope });
  return clock?.now ?? BEGINNING;
};

/**
 * The time by the database's clock, read together with the link of a customer; null for a customer that the caller's business
 * does not have.
 */
export const readNowBeside = async (
  connection: Connection,
  customerId: string,
  scope: BusinessScope,
): Promise<Date | null> => {
  const own = {
    businessId: new Types.ObjectId(scope.businessId),
    customerId: new Types.ObjectId(customerId),
  };
  const reading = [{ $match: own }, { $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } }];
  const [clock] = await guardedAggregate<{ now: Date }>(connection, 'customer_link', reading, { scope });
  return clock?.now ?? null;
};
