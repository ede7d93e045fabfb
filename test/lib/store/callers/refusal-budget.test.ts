import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { CallerScope } from '#lib/domain/access/scope.ts';
import { spendBudget } from '#lib/store/callers/refusal-budget.ts';
import { useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('refusal-budget');
const HOUR_MS = 3_600_000;
const BUDGET = { most: 3, windowMs: HOUR_MS };
const scopeOf = (actorId: string) =>
  new CallerScope({ actorId, requestId: randomUUID(), deadline: Date.now() + 30_000 });
const budgetOf = (_id: string) => documentIn(service, 'refusal_budget', { _id });
const hold = (_id: string, since: Date, spent: number) =>
  service.database
    .collection('refusal_budget')
    .insertOne({ _id: _id as never, since, at: since, spent, denied: 7, granted: true });
const times = (howMany: number, actorId: string) =>
  Promise.all(Array.from({ length: howMany }, () => spendBudget(scopeOf(actorId), BUDGET)));

describe('the refusals of a caller', () => {
  it('are granted until the budget is spent, and counted beyond it', async () => {
    const answers = [];
    for (let call = 0; call < 5; call += 1) answers.push(await spendBudget(scopeOf('ann'), BUDGET));
    expect(answers.map(({ granted, denied }) => [granted, denied])).toEqual([
      [true, 0],
      [true, 0],
      [true, 0],
      [false, 1],
      [false, 2],
    ]);
    expect(new Set(answers.map(({ since }) => since.getTime())).size).toBe(1);
    expect(await budgetOf('ann')).toMatchObject({ spent: 3, denied: 2, granted: false });
  });

  it('are not overspent by calls at the same time, not even when the budget is created', async () => {
    const answers = await times(30, 'many');
    expect(answers.filter(({ granted }) => granted)).toHaveLength(3);
    expect(
      answers
        .map(({ denied }) => denied)
        .filter((denied) => denied > 0)
        .sort((one, other) => one - other),
    ).toEqual(Array.from({ length: 27 }, (_, index) => index + 1));
  });

  it('begin again when the window is over, by the database’s clock', async () => {
    await hold('late', new Date(Date.now() - HOUR_MS - 60_000), 3);
    expect(await spendBudget(scopeOf('late'), BUDGET)).toMatchObject({ granted: true, denied: 0 });
    await hold('early', new Date(Date.now() - HOUR_MS + 60_000), 3);
    expect(await spendBudget(scopeOf('early'), BUDGET)).toMatchObject({ granted: false, denied: 8 });
  });

  it('do not begin again for a call that started before the window did and was counted after it', async () => {
    await hold('ahead', new Date(Date.now() + 30_000), 3);
    expect(await spendBudget(scopeOf('ahead'), BUDGET)).toMatchObject({ granted: false, denied: 8 });
  });

  it('begin again when the clock was set back, and do not wait for the old time', async () => {
    await hold('back', new Date(Date.now() + 24 * HOUR_MS), 3);
    const { granted, since } = await spendBudget(scopeOf('back'), BUDGET);
    expect(granted).toBe(true);
    expect(Math.abs(since.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('are each caller’s own, and 60 a minute', async () => {
    await times(4, 'loud');
    const { granted, since } = await spendBudget(scopeOf('quiet'));
    expect(granted).toBe(true);
    await service.database
      .collection('refusal_budget')
      .updateOne({ _id: 'quiet' as never }, { $set: { spent: 59 } });
    expect((await spendBudget(scopeOf('quiet'))).granted).toBe(true);
    expect(await spendBudget(scopeOf('quiet'))).toMatchObject({ granted: false, since });
  });
});
