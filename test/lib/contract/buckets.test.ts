import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import { defineSubscription } from '#lib/contract/subscription.ts';
import { defineOperation, defineSchedule } from '#lib/contract/task.ts';

const task = {
  name: 'a-task',
  summary: 'A task',
  impact: 'nothing',
  input: z.object({}),
  output: z.object({}),
};
const put = [{ prefix: 'records/', actions: ['put'] }] as const;

/** The compiler judges these lines: an error that does not come is an error itself. */
describe('a contract that needs a bucket', () => {
  it('says what it may do under which prefix', () => {
    const operation = defineOperation({
      ...task,
      needs: ['archive-bucket'],
      objects: { 'archive-bucket': put },
    });
    expect(operation.objects).toEqual({ 'archive-bucket': put });
    const schedule = defineSchedule({
      ...task,
      every: 'rate(1 day)',
      needs: ['database', 'ledger-bucket', 'archive-bucket'],
      objects: {
        'archive-bucket': put,
        'ledger-bucket': [{ prefix: 'erasures/', actions: ['put', 'get', 'list'] }],
      },
    });
    expect(Object.keys(schedule.objects)).toEqual(['archive-bucket', 'ledger-bucket']);
    expect(defineOperation({ ...task, needs: ['database'] })).not.toHaveProperty('objects');
  });

  it('does not compile without grants, with those of another bucket, or with grants that it has no need for', () => {
    // @ts-expect-error it has no grants
    defineOperation({ ...task, needs: ['archive-bucket'] });
    const ofTheArchive = { 'archive-bucket': put } as const;
    // @ts-expect-error they are of another bucket
    defineOperation({ ...task, needs: ['ledger-bucket'], objects: ofTheArchive });
    const ofBoth = { 'archive-bucket': put, 'ledger-bucket': put } as const;
    // @ts-expect-error they are of one bucket more than it needs
    defineOperation({ ...task, needs: ['ledger-bucket'], objects: ofBoth });
    // @ts-expect-error it needs no bucket
    defineOperation({ ...task, needs: ['database'], objects: ofTheArchive });
    // @ts-expect-error it may do nothing in the bucket
    defineOperation({ ...task, needs: ['archive-bucket'], objects: { 'archive-bucket': [] } });
    expect.assertions(0);
  });

  it('does not compile with a prefix without a slash, an unknown action, or a deletion from the ledger', () => {
    defineOperation({
      ...task,
      needs: ['archive-bucket'],
      // @ts-expect-error the prefix `rec` would also cover `recent/`
      objects: { 'archive-bucket': [{ prefix: 'rec', actions: ['put'] }] },
    });
    defineOperation({
      ...task,
      needs: ['archive-bucket'],
      // @ts-expect-error there is no such action
      objects: { 'archive-bucket': [{ prefix: 'records/', actions: ['copy'] }] },
    });
    defineOperation({
      ...task,
      needs: ['ledger-bucket'],
      // @ts-expect-error nobody deletes from the ledger
      objects: { 'ledger-bucket': [{ prefix: 'erasures/', actions: ['delete'] }] },
    });
    expect.assertions(0);
  });

  it('is no route and no subscription', () => {
    const { name, summary, impact } = task;
    const door = { name, summary, impact, needs: ['archive-bucket'] } as const;
    // @ts-expect-error a route waits for no bucket
    defineRoute({ ...door, method: 'GET', path: '/', answers: {}, problems: [] });
    // @ts-expect-error nor does a subscription
    defineSubscription({ ...door, events: [] });
    expect.assertions(0);
  });
});
