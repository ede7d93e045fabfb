import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { type Day, type DayRange, dayRange, daysOf, dayText } from '#lib/domain/days.ts';
import type { Tally } from '#lib/store/lists/counts.ts';
import type { Visits } from '#lib/store/lists/visits.ts';
import type { contract } from './contract.ts';

type Needs = {
  countByTypeAndState: (scope: BusinessScope) => Promise<readonly Tally[]>;
  countNewByDay: (range: DayRange, scope: BusinessScope) => Promise<ReadonlyMap<Day, number>>;
  countVisits: (range: DayRange, scope: BusinessScope) => Promise<Visits>;
  now: () => Date;
};

/** Counts live customers by type, all customers by state, and for a range of days the new ones of each day and the visits. */
export const getCustomerStatistics =
  ({ countByTypeAndState, countNewByDay, countVisits, now }: Needs): UseCase<typeof contract> =>
  async ({ query }, scope) => {
    const range = dayRange(query, now());
    const [tallies, newByDay, { total, first }] = await Promise.all([
      countByTypeAndState(scope),
      countNewByDay(range, scope),
      countVisits(range, scope),
    ]);
    const byType = { regular: 0, unregistered: 0, new: 0, anonymous: 0 };
    const byState = { active: 0, suspended: 0, archived: 0, deleted: 0 };
    for (const { customerType, state, count } of tallies) {
      byState[state] += count;
      if (isLive(state)) byType[customerType] += count;
    }
    const newPerDay = daysOf(range).map((day) => ({ day: dayText(day), count: newByDay.get(day) ?? 0 }));
    return ok({ byType, byState, newPerDay, visits: { total, first, returning: total - first } });
  };
