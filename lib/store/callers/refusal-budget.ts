import { type CallerBudget, REFUSALS, type Spent } from '#lib/domain/access/caller-budget.ts';
import type { CallerScope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { updateByClock } from '#lib/store/database/update-by-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/**
 * Counts one use of a budget, in one update that all environments share: a refused call of a caller, or a use of a link.
 */
export const spendBudget = (scope: CallerScope, budget = REFUSALS): Promise<Spent> =>
  updateByClock(async () => {
    const spent = await modelOf(await connect(), 'refusal_budget')
      .findOneAndUpdate({ _id: scope.actorId }, spending(budget), {
        upsert: true,
        returnDocument: 'after',
        updatePipeline: true,
      })
      .setOptions(queryOptions(scope))
      .lean();
    return toSpent(spent);
  });

/**
 * The update that spends one of a budget, or notes that it was empty. All times are the database's. Of two updates at the
 * same moment, the later one may have the earlier time, so a window may begin a little in the future. One that begins more
 * than its own length in the future has ended: the clock was set back.
 */
const spending = ({ most, windowMs }: CallerBudget) => {
  const isOpen = {
    $and: [
      { $lt: [{ $subtract: ['$since', windowMs] }, '$$NOW'] },
      { $gt: [{ $add: ['$since', windowMs] }, '$$NOW'] },
    ],
  };
  const inWindow = (field: string, otherwise: unknown) => ({ $cond: [isOpen, field, otherwise] });
  return [
    {
      $set: {
        at: '$$NOW',
        since: inWindow('$since', '$$NOW'),
        spent: inWindow('$spent', 0),
        denied: inWindow('$denied', 0),
      },
    },
    { $set: { granted: { $lt: ['$spent', most] } } },
    {
      $set: {
        spent: { $add: ['$spent', { $cond: ['$granted', 1, 0] }] },
        denied: { $add: ['$denied', { $cond: ['$granted', 0, 1] }] },
      },
    },
  ];
};

/** What a stored budget says of the attempt that changed it last. */
const toSpent = ({ granted, denied, since, at }: Spent): Spent => ({ granted, denied, since, at });
