import { Types } from 'mongoose';
import {
  COUNTED_MS,
  MANY_DENIALS,
  MOST_MISSES,
  type Verdict,
  verdictOn,
} from '#lib/domain/access/exact-questions.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { updateByClock } from '#lib/store/database/update-by-clock.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/**
 * Counts an exact question of the caller as a miss, or as a denial if too many missed before. One update decides, so
 * questions that are asked at the same time never get more than the limit.
 */
export const countQuestion = (scope: BusinessScope): Promise<Verdict> =>
  updateByClock(async () => {
    const id = new Types.ObjectId().toHexString();
    const { exactQuestions = [], askedAt = new Date() } = await update(counting(id, scope.actorId), scope);
    const own = exactQuestions.filter(({ caller }) => caller === scope.actorId);
    return verdictOn(id, own, askedAt);
  });

/** Takes back the miss of a question that found a customer. */
export const takeBackMiss = async (id: string, scope: BusinessScope): Promise<void> => {
  await updateByClock(() => update([keeping({ $ne: ['$$question.id', id] })], scope));
};

type Expression = Readonly<Record<string, unknown>>;

const update = async (steps: Expression[], scope: BusinessScope) =>
  await modelOf(await connect(), 'rate_limit')
    .findOneAndUpdate({ _id: new Types.ObjectId(scope.businessId) }, steps, {
      upsert: true,
      returnDocument: 'after',
      updatePipeline: true,
    })
    .select({ exactQuestions: 1, askedAt: 1 })
    .setOptions(queryOptions(scope))
    .lean();

const stored = { $ifNull: ['$exactQuestions', []] };

const chosen = (cond: Expression) => ({ $filter: { input: stored, as: 'question', cond } });

const keeping = (cond: Expression) => ({ $set: { exactQuestions: chosen(cond) } });

const howMany = (caller: Expression, isDenied: boolean) => ({
  $size: chosen({
    $and: [{ $eq: ['$$question.caller', caller] }, { $eq: ['$$question.isDenied', isDenied] }],
  }),
});

/** Forgets all questions that no longer count, then adds this one. After the last denial that counts it adds none. */
const counting = (id: string, actorId: string): Expression[] => {
  // A subject may begin with a dollar sign, which would make it the path of a field.
  const caller = { $literal: actorId };
  const asked = (isDenied: boolean) => [{ id, caller, at: '$$NOW', isDenied }];
  const next = {
    $cond: [
      { $lt: [howMany(caller, false), MOST_MISSES] },
      asked(false),
      { $cond: [{ $lt: [howMany(caller, true), MANY_DENIALS] }, asked(true), []] },
    ],
  };
  return [
    keeping({ $gt: ['$$question.at', { $subtract: ['$$NOW', COUNTED_MS] }] }),
    { $set: { exactQuestions: { $concatArrays: [stored, next] }, askedAt: '$$NOW' } },
  ];
};
