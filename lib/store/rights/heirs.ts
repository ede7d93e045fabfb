import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { united } from '#lib/domain/activity/fold.ts';
import { spansWith } from '#lib/domain/activity/totals.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { type StoredActivity, storedFrom } from '#lib/store/customers/activity-facts.ts';
import {
  type Place,
  readSumLinks,
  type SumLinks,
  sumsUpdate,
  withSurvivors,
} from '#lib/store/customers/activity-sums.ts';
import { foldedWrite } from '#lib/store/customers/activity-writes.ts';
import { erasuresAmong, heirsOf } from '#lib/store/customers/purged.ts';
import { type Moved, movedSums } from '#lib/store/customers/move-sums.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stepAside } from '#lib/store/database/task-transaction.ts';
import { commit, stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import type { Group } from './sweep.ts';

/** The most documents that one transaction gives to a survivor. */
const AT_ONCE = 50;

/**
 * Gives the orders and payments of purged customers to those into whom they were merged: the person is still there. Orders of who
 * has no survivor any more are left to the sweep.
 * @param until in milliseconds since the epoch
 * @returns whether nothing is left to give
 */
export const giveToSurvivors = async (
  { businessId, customerIds }: Group,
  until: number,
  scope: SystemScope,
): Promise<boolean> => {
  const merged = await erasuresAmong(customerIds, { businessId, scope });
  for (const [loserId, survivorId] of merged)
    while (survivorId !== null && Date.now() < until) {
      const given = await giveSome({ loserId, survivorId }, { businessId, scope: scope.again() }).catch(
        async (error: unknown) => {
          if (!(error instanceof Conflict)) throw error;
          await stepAside();
          return AT_ONCE;
        },
      );
      if (given < AT_ONCE) break;
    }
  return Date.now() < until;
};

type Heritage = Readonly<{ loserId: string; survivorId: string }>;

const documentsOf = async (
  customerId: string,
  { businessId, scope }: Place,
  sources?: readonly Types.ObjectId[],
): Promise<readonly ActivityDocument[]> =>
  await modelOf(await connect(), 'activity')
    .find({
      businessId: new Types.ObjectId(businessId),
      customerId: new Types.ObjectId(customerId),
      ...(sources !== undefined && { sourceId: { $in: sources } }),
    })
    .limit(sources === undefined ? AT_ONCE : 0)
    .setOptions(queryOptions(scope))
    .lean<ActivityDocument[]>();

/**
 * Gives some documents to the survivor in one transaction.
 * @returns how many; 0 when there is none, or no survivor
 */
const giveSome = async ({ loserId, survivorId }: Heritage, place: Place): Promise<number> => {
  const heir = (await heirsOf([survivorId], place)).get(survivorId) ?? null;
  const documents = heir === null ? [] : await documentsOf(loserId, place);
  if (heir === null || documents.length === 0) return 0;
  const links = await withSurvivors(await readSumLinks([heir], place), place);
  const sources = documents.map(({ sourceId }) => sourceId);
  const own = new Map(
    (await documentsOf(heir, place, sources)).map((one) => [
      `${one.kind} ${one.sourceId.toHexString()}`,
      one,
    ]),
  );
  const given = documents.map((document) => {
    const theirs = own.get(`${document.kind} ${document.sourceId.toHexString()}`);
    return give(document, { heir, loserId, own: theirs === undefined ? null : storedFrom(theirs) }, place);
  });
  await stageGiven({ given, links, sources }, place);
  await commit(place.scope);
  return documents.length;
};

type Taker = Readonly<{ heir: string; loserId: string; own: StoredActivity | null }>;

/** Stages one document. If both customers had the same order or payment, it becomes one. */
const give = (
  document: ActivityDocument,
  { heir, loserId, own }: Taker,
  { scope }: Place,
): readonly Moved[] => {
  const { _id, businessId, kind, sourceId } = document;
  const loser = storedFrom(document);
  const theirs = { ...loser, customerId: heir, attendeeIds: [...new Set([...loser.attendeeIds, loserId])] };
  const after = own === null ? theirs : { ...united(own, theirs), customerId: heir };
  stage(scope, { deleteFrom: 'activity', filter: { _id, businessId } });
  // The survivor is not in the archive: no customer goes there while one that was merged into it is left.
  stage(scope, foldedWrite({ businessId, kind, sourceId }, { before: own, after }, false), () =>
    Promise.resolve(new Conflict('The survivor got the same order at the same time.')),
  );
  return [
    { customerId: heir, before: loser.facts, after: null },
    { customerId: heir, before: own?.facts ?? null, after: after.facts },
  ];
};

type Given = Readonly<{
  given: readonly (readonly Moved[])[];
  links: SumLinks;
  sources: readonly Types.ObjectId[];
}>;

/** The survivor's sums have those of the loser already. They only change where two documents became one. */
const stageGiven = async ({ given, links, sources }: Given, place: Place): Promise<void> => {
  const moved = given.flat();
  const sourceIds = sources.map((id) => id.toHexString());
  for (const { link, sums } of await movedSums({ moved, links, sourceIds }, place)) {
    const spans = spansWith(
      sums,
      moved.map(({ after }) => after),
    );
    stage(place.scope, sumsUpdate(place.businessId, link, { ...sums, ...spans }));
  }
};
