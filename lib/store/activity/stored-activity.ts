import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { ActivityKind } from '#lib/domain/activity/counts.ts';
import type { Folded } from '#lib/domain/activity/fold.ts';
import type { ActivitySourceDocument } from '#lib/store/collections/activity-source.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { type StoredActivity, storedFrom } from '#lib/store/customers/activity-facts.ts';
import { foldedWrite } from '#lib/store/customers/activity-writes.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** An order or a payment of another service. */
export type Source = Readonly<{ kind: ActivityKind; sourceId: string }>;

/** What is known of a source: its newest state, and what is stored of it for each customer. */
export type KnownSource = Readonly<{
  /** Null: it was never heard of. */
  stamp: string | null;
  stored: readonly StoredActivity[];
}>;

const keyOf = ({ kind, sourceId }: Source, { businessId }: BusinessScope) => ({
  businessId: new Types.ObjectId(businessId),
  kind,
  sourceId: new Types.ObjectId(sourceId),
});

/** Reads what is known of a source in the caller's business. */
export const readSource = async (source: Source, scope: BusinessScope): Promise<KnownSource> => {
  const connection = await connect();
  const key = keyOf(source, scope);
  const [gate, documents] = await Promise.all([
    modelOf(connection, 'activity_source')
      .findOne(key)
      .select({ _id: 0, stamp: 1 })
      .setOptions(queryOptions(scope))
      .lean<Pick<ActivitySourceDocument, 'stamp'>>(),
    modelOf(connection, 'activity').find(key).setOptions(queryOptions(scope)).lean<ActivityDocument[]>(),
  ]);
  return { stamp: gate?.stamp ?? null, stored: documents.map(storedFrom) };
};

const cameFirst = (): Promise<Error> =>
  Promise.resolve(new Conflict('Another state of the same order or payment was saved first.'));

/** Stages the newest state of a source. Nothing is written if another one comes first. */
export const stageGate = (
  source: Source,
  { before, after }: Readonly<{ before: string | null; after: string }>,
  scope: BusinessScope,
): void => {
  const key = keyOf(source, scope);
  if (before === null) {
    const document = { _id: new Types.ObjectId(), ...key, stamp: after };
    stage(scope, { insertInto: 'activity_source', document }, cameFirst);
  } else
    stage(scope, {
      update: 'activity_source',
      filter: { ...key, stamp: before },
      change: { $set: { stamp: after } },
    });
};

/** Stages what becomes of a source for one customer, who may be in the archive. */
export const stageFolded = (
  source: Source,
  { folded, isAway }: Readonly<{ folded: Folded<StoredActivity>; isAway: boolean }>,
  scope: BusinessScope,
): void => {
  stage(scope, foldedWrite(keyOf(source, scope), folded, isAway), cameFirst);
};
