import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { isFirstTime } from '#lib/domain/activity/first-time.ts';
import {
  ACTIVITY_CUSTOMER_INDEX,
  ACTIVITY_SOURCE_INDEX,
  type ActivityDocument,
} from '#lib/store/collections/activity.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { customerActivity, type WithActivity } from './customer-activity.ts';

/** When an order begins, and the order itself, which is left out. */
export type OrderMoment = Readonly<{ at: Date; exceptOrder: string | null }>;

/** What makes somebody a returning customer. */
const COUNTED = ['booked', 'visit'] as const;

type Person = Pick<WithActivity, 'customerId' | 'ids' | 'summary'>;
type Excepted = Pick<ActivityDocument, 'customerId' | 'startAt' | 'counts'>;

/** Whether each of these customers comes for the first time at a moment. Two round trips at most, for any number of them. */
const tell = async (
  people: readonly Person[],
  { at, exceptOrder }: OrderMoment,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, boolean>> => {
  const excepted = exceptOrder === null ? [] : await readExcepted(people, exceptOrder, scope);
  const known = people.map((person) => ({
    person,
    isFirst: isFirstTime(
      {
        firstOrderAt: person.summary.firstOrderAt,
        excepted: excepted
          .filter(({ customerId }) => person.ids.some((id) => id.equals(customerId)))
          .map(({ startAt, counts }) => ({ startAt, isCounted: COUNTED.some((one) => one === counts) })),
      },
      at,
    ),
  }));
  const unknown = known.filter(({ isFirst }) => isFirst === null).map(({ person }) => person);
  const returning =
    exceptOrder === null || unknown.length === 0
      ? NOBODY
      : await readOthers(unknown, { at, exceptOrder }, scope);
  return new Map(
    known.map(({ person: { customerId, ids }, isFirst }) => [
      customerId,
      isFirst ?? !ids.some((id) => returning.has(id.toHexString())),
    ]),
  );
};

const NOBODY: ReadonlySet<string> = new Set();

const allIds = (people: readonly Person[]): Types.ObjectId[] => people.flatMap(({ ids }) => ids);

/** What is stored of the order that is left out. */
const readExcepted = async (
  people: readonly Person[],
  exceptOrder: string,
  scope: BusinessScope,
): Promise<readonly Excepted[]> =>
  await guardedAggregate<Excepted>(
    await connect(),
    'activity',
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          kind: 'order',
          sourceId: new Types.ObjectId(exceptOrder),
          customerId: { $in: allIds(people) },
        },
      },
      { $project: { _id: 0, customerId: 1, startAt: 1, counts: 1 } },
    ],
    { scope, hint: ACTIVITY_SOURCE_INDEX, most: people.length + 1 },
  );

/** The ids under which another order lies that counts and begins before. */
const readOthers = async (
  people: readonly Person[],
  { at, exceptOrder }: Readonly<{ at: Date; exceptOrder: string }>,
  scope: BusinessScope,
): Promise<ReadonlySet<string>> => {
  const counted = await guardedAggregate<{ _id: Types.ObjectId; n: number }>(
    await connect(),
    'activity',
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          customerId: { $in: allIds(people) },
          kind: 'order',
          startAt: { $lt: at },
          counts: { $in: COUNTED },
          sourceId: { $ne: new Types.ObjectId(exceptOrder) },
        },
      },
      { $group: { _id: '$customerId', n: { $sum: 1 } } },
    ],
    { scope, hint: ACTIVITY_CUSTOMER_INDEX },
  );
  return new Set(counted.map(({ _id }) => _id.toHexString()));
};

/** Who comes for the first time. */
export const firstTimes = { find: customerActivity.find, tell };
export type FirstTimes = typeof firstTimes;
