import { type mongo, Types } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { type BulkWrite, guardedBulkWrite } from '#lib/store/isolation/guarded-bulk-write.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { translateError } from '#lib/store/database/database-errors.ts';
import { stepAside } from '#lib/store/database/task-transaction.ts';
import { inTransaction } from '#lib/store/database/transaction.ts';
import { type Place, SWEPT_PLACES } from './places.ts';

/** Customers of one business. */
export type Group = Readonly<{ businessId: string; customerIds: readonly string[] }>;

/** Deletes the objects that the archive has of a customer. A request has no bucket: it leaves them to `finish-erasures`. */
export type DeleteObjects = (of: Readonly<{ businessId: string; customerId: string }>) => Promise<void>;

/** How long a sweep may take, in milliseconds since the epoch, and how it deletes objects. */
export type Sweeping = Readonly<{ until: number; deleteObjects?: DeleteObjects }>;

/** The most documents that are removed at once. */
const BATCH = 500;

/** What is still to be removed in a place. */
const stillIn = ({ foundBy, erasing }: Place, { businessId, customerIds }: Group): mongo.Document => ({
  businessId: new Types.ObjectId(businessId),
  [foundBy]: { $in: customerIds.map((id) => new Types.ObjectId(id)) },
  ...(erasing.by === 'blanking' && existing(erasing.fields)),
  ...(erasing.by === 'emptying' && existing([erasing.field])),
});

const existing = (fields: readonly string[]): mongo.Document =>
  Object.fromEntries(fields.map((field) => [field, { $exists: true }]));

type Found = Readonly<{ _id: unknown }> & mongo.Document;

const find = async (place: Place, group: Group, scope: Scope): Promise<Found[]> =>
  await guardedAggregate<Found>(
    await connect(),
    place.name,
    [
      { $match: stillIn(place, group) },
      { $limit: BATCH },
      {
        $project: {
          ...{ _id: 1, [place.foundBy]: 1 },
          ...(place.erasing.by === 'handing over' && { kind: 1, sourceId: 1, [place.erasing.ids]: 1 }),
        },
      },
    ],
    { scope, most: BATCH },
  );

/** The ids of the customers that a document is about. */
const customersOf = ({ foundBy }: Place, { [foundBy]: named }: Found): readonly string[] =>
  (Array.isArray(named) ? named : [named]).map(String);

/** Removes what was found. Each step is safe to do twice. */
const remove = async (
  place: Place,
  found: readonly Found[],
  { group, scope }: { group: Group; scope: Scope },
): Promise<void> => {
  const connection = await connect();
  const namespace = `${connection.name}.${place.name}`;
  const businessId = new Types.ObjectId(group.businessId);
  const those = (some: readonly Found[]): mongo.Document => ({
    _id: { $in: some.map(({ _id }) => _id) },
    businessId,
  });
  const unset = (some: readonly Found[], fields: readonly string[]): BulkWrite[] =>
    some.length === 0
      ? []
      : [
          {
            name: 'updateMany',
            namespace,
            filter: those(some),
            update: { $unset: Object.fromEntries(fields.map((field) => [field, ''])) },
          },
        ];
  const del = (some: readonly Found[]): BulkWrite[] =>
    some.length === 0 ? [] : [{ name: 'deleteMany', namespace, filter: those(some) }];
  const noted = (some: readonly Found[], ids: string): BulkWrite[] =>
    some.map(({ kind, sourceId, [ids]: names }: Readonly<Record<string, unknown>>) => ({
      name: 'updateOne',
      namespace: `${connection.name}.activity_source`,
      filter: { businessId, kind, sourceId },
      update: { $addToSet: { gone: { $each: names } } },
    }));
  const { erasing } = place;
  const isAlone = (one: Found): boolean => customersOf(place, one).length === 1;
  if (found.length === 0) return;
  const writes =
    erasing.by === 'blanking'
      ? unset(found, erasing.fields)
      : erasing.by === 'emptying'
        ? [...unset(found.filter(isAlone), [erasing.field]), ...del(found.filter((one) => !isAlone(one)))]
        : erasing.by === 'handing over'
          ? [...noted(found, erasing.ids), ...del(found)]
          : del(found);
  try {
    await inTransaction(connection, scope, async (session) => {
      await guardedBulkWrite(connection, writes, { scope, session });
    });
  } catch (error) {
    const meaning = translateError(error);
    if (!(meaning instanceof Conflict)) throw meaning;
    // Another run removes the same documents. Whatever is left is found again.
    await stepAside();
  }
};

/** How much each place has of each customer that a sweep would remove. */
export type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts what a sweep would remove, by customer and place. */
export const countSwept = async (group: Group, scope: Scope): Promise<Counts> => {
  const counts = new Map(group.customerIds.map((id) => [id, new Map<string, number>()]));
  for (const place of SWEPT_PLACES) {
    const found = await guardedAggregate<Found>(
      await connect(),
      place.name,
      [{ $match: stillIn(place, group) }, { $project: { _id: 0, [place.foundBy]: 1 } }],
      { scope },
    );
    for (const customerId of found.flatMap((one) => customersOf(place, one))) {
      const places = counts.get(customerId);
      places?.set(place.name, (places.get(place.name) ?? 0) + 1);
    }
  }
  return counts;
};

/**
 * Removes everything that is left of customers whose erasure has begun, place by place in batches of 500, until every place
 * is empty or the time is over.
 * @returns whether every place is empty
 */
export const sweep = async (group: Group, sweeping: Sweeping, scope: Scope): Promise<boolean> => {
  const { until, deleteObjects } = sweeping;
  for (;;) {
    let removed = 0;
    let isLeft = false;
    for (const place of SWEPT_PLACES)
      for (;;) {
        if (Date.now() >= until) return false;
        const found = await find(place, group, scope);
        if (found.length === 0) break;
        if (place.erasing.by === 'shredding' && deleteObjects === undefined) {
          isLeft = true;
          break;
        }
        const removable =
          place.erasing.by === 'shredding' ? await deleteTheirObjects(found, group, sweeping) : found;
        await remove(place, removable, { group, scope });
        removed += removable.length;
      }
    // The last round is the scan: something may have been written meanwhile.
    if (removed === 0) return !isLeft;
  }
};

/**
 * Deletes the objects that these documents lead to. A document goes last, so that a killed run finds it again.
 * @returns the documents whose objects are deleted
 */
const deleteTheirObjects = async (
  found: readonly Found[],
  { businessId }: Group,
  { until, deleteObjects }: Sweeping,
): Promise<readonly Found[]> => {
  const done: Found[] = [];
  for (const one of found) {
    if (Date.now() >= until) break;
    await deleteObjects?.({ businessId, customerId: String(one._id) });
    done.push(one);
  }
  return done;
};
