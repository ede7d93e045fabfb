import { describe, expect, it } from '@jest/globals';
import { purgeDeletedCustomers } from '#functions/retention/purge-deleted-customers/purge-deleted-customers.ts';
import { SystemScope } from '#lib/domain/access/scope.ts';
import type { DueOfBusiness } from '#lib/domain/retention/purge-share.ts';

const DEADLINE = 1_000_000;
const scope = new SystemScope({ purpose: 'purge-deleted-customers', requestId: 'r', deadline: DEADLINE });
const INPUT = { dryRun: false, batchSize: 2, largestShare: 0.5, shareCountsFrom: 10 };
const [SMALL, LARGE]: DueOfBusiness[] = [
  { businessId: 'small', due: 3, total: 3 },
  { businessId: 'large', due: 51, total: 100 },
];

type Course = { due?: DueOfBusiness[]; batches?: number[]; times?: number[]; isSwitchedOff?: boolean };

/** What a run answers, and what happened on its way: each batch that it asked for, each line, each heartbeat. */
const purging = async (
  { due = [SMALL!], batches = [2, 1, 0], times = [], isSwitchedOff = false }: Course,
  input: Partial<typeof INPUT> = {},
) => {
  const course: unknown[] = [];
  const run = purgeDeletedCustomers({
    isSwitchedOff: () => isSwitchedOff,
    countDue: () => Promise.resolve(due),
    purgeBatch: (size) => {
      course.push(`batch of ${String(size)}`);
      return Promise.resolve(batches.shift()!);
    },
    logEvent: (event, fields) => void course.push([event, fields]),
    heartbeat: () => void course.push('heartbeat'),
    nowMs: () => times.shift() ?? 0,
  });
  return { ...(await run({ ...INPUT, ...input }, scope)), course };
};
const finished = (purged: number, purgedSoFar: number) => ['purge-batch-finished', { purged, purgedSoFar }];
const stopped = (reason: string, purged: number, due: number) => ['purge-stopped', { reason, purged, due }];

describe('the steps of a purge', () => {
  it('go on until nothing due is left, tell each batch, and end with a heartbeat', async () => {
    expect(await purging({})).toEqual({
      ...{ outcome: 'finished', purged: 3, due: 3, aboveShare: [] },
      course: [
        ...['batch of 2', finished(2, 2)],
        ...['batch of 2', finished(1, 3)],
        ...['batch of 2', 'heartbeat'],
      ],
    });
  });

  it('end before anything when they are switched off', async () => {
    expect(await purging({ isSwitchedOff: true })).toEqual({
      ...{ outcome: 'switched-off', purged: 0, due: 0, aboveShare: [] },
      course: [stopped('switched-off', 0, 0)],
    });
  });

  it('end before the first batch when more of a business is due than a share', async () => {
    expect(await purging({ due: [SMALL!, LARGE!] })).toEqual({
      ...{ outcome: 'above-share', purged: 0, due: 54, aboveShare: ['large'] },
      course: [stopped('above-share', 0, 54)],
    });
  });

  it('only tell, in a dry run', async () => {
    expect(await purging({ due: [SMALL!, LARGE!] }, { dryRun: true })).toEqual({
      ...{ outcome: 'dry-run', purged: 0, due: 54, aboveShare: ['large'] },
      course: [],
    });
  });

  it('begin no batch in the last minute, and tell how far they came', async () => {
    const times = [DEADLINE - 90_000, DEADLINE - 60_000, DEADLINE - 59_999];
    expect(await purging({ due: [LARGE!], batches: [2, 2], times }, { largestShare: 1 })).toEqual({
      ...{ outcome: 'out-of-time', purged: 4, due: 51, aboveShare: [] },
      course: [
        ...['batch of 2', finished(2, 2)],
        ...['batch of 2', finished(2, 4)],
        stopped('out-of-time', 4, 51),
      ],
    });
  });
});
