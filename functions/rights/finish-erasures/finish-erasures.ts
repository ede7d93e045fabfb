import { toLedgerFile, type LedgerFile } from '#lib/contract/ledger-file.ts';
import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { Renew, underLease } from '#lib/store/leases/lease.ts';
import type { findOldestOpen, findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import type { findOldestUnledgered, findUnledgered, markLedgered } from '#lib/store/rights/ledger.ts';
import type { DeleteObjects } from '#lib/store/rights/sweep.ts';
import type { contract } from './contract.ts';

type Needs = {
  underLease: typeof underLease;
  findOpen: typeof findOpen;
  finishGroup: typeof finishGroup;
  findOldestOpen: typeof findOldestOpen;
  findUnledgered: typeof findUnledgered;
  markLedgered: typeof markLedgered;
  findOldestUnledgered: typeof findOldestUnledgered;
  putInLedger: (file: LedgerFile, deadline: number) => Promise<void>;
  /** A hash of a text, for the name of a file. */
  digest: (text: string) => string;
  deleteObjects: (of: Parameters<DeleteObjects>[0], deadline: number) => Promise<void>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  heartbeat: () => void;
  overdue: (what: 'ErasureOverdue' | 'LedgerOverdue') => void;
  nowMs: () => number;
};

/** The sweep stops this long before the deadline, so that the platform never cuts it off. */
const SPARE_MS = 30_000;
const MINUTE_MS = 60_000;
/** An erasure that takes longer than this is an alarm, and so is one that is not in the ledger so long. */
const OVERDUE_HOURS = 24;
const UNLEDGERED_MINUTES = 15;

type Run = Readonly<{ size: number; until: number; renew: Renew; scope: SystemScope }>;

/**
 * Writes erasures and purges into the ledger, and finishes those that have begun, up to 500 customers of one business at
 * once. One run works at a time; two do no harm. When the bucket fails, the customers are removed all the same.
 */
export const finishErasures =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ batchSize }, scope) => {
    const done = await needs.underLease(scope, async (renew) => {
      const run = { size: batchSize, until: scope.deadline - SPARE_MS, renew, scope };
      const [ledger] = await Promise.allSettled([writeLedger(needs, run)]);
      const swept = await sweep(needs, run);
      const ages = await findOverdue(needs, scope);
      if (ledger.status === 'rejected') throw ledger.reason;
      needs.heartbeat();
      return { ...swept, ledgered: ledger.value, ...ages };
    });
    if (done !== null) return done;
    const ages = { oldestOpenHours: null, oldestUnledgeredMinutes: null };
    return { outcome: 'another-run' as const, finished: 0, ledgered: 0, ...ages };
  };

/**
 * Puts files into the ledger, then marks what they have. A run that is killed in between writes the same erasures again: into
 * the same file, or together with newer ones into another one.
 */
const writeLedger = async (needs: Needs, { size, until, renew, scope }: Run): Promise<number> => {
  let ledgered = 0;
  while (needs.nowMs() < until && (await renew())) {
    const [first, ...more] = await needs.findUnledgered(size, scope);
    if (first === undefined) break;
    const entries = [first, ...more] as const;
    await needs.putInLedger(toLedgerFile(entries, needs.digest), scope.deadline);
    await needs.markLedgered(entries, scope);
    ledgered += entries.length;
    needs.logEvent('erasures-ledgered', { ledgered });
  }
  return ledgered;
};

const sweep = async (needs: Needs, { size, until, renew, scope }: Run) => {
  const deleteObjects: DeleteObjects = (of) => needs.deleteObjects(of, scope.deadline);
  let finished = 0;
  while (await renew()) {
    const group = await needs.findOpen(size, scope);
    if (group === null) return { outcome: 'finished' as const, finished };
    if (!(await needs.finishGroup(group, { until, deleteObjects }, scope))) break;
    finished += group.customerIds.length;
    needs.logEvent('erasures-finished', { erased: finished });
  }
  return { outcome: 'out-of-time' as const, finished };
};

/** How old what is left is. Too old is an alarm. */
const findOverdue = async (needs: Needs, scope: SystemScope) => {
  const minutesSince = (time: Date | null): number | null =>
    time === null ? null : (needs.nowMs() - time.getTime()) / MINUTE_MS;
  const openMinutes = minutesSince(await needs.findOldestOpen(scope));
  const oldestOpenHours = openMinutes === null ? null : openMinutes / 60;
  const oldestUnledgeredMinutes = minutesSince(await needs.findOldestUnledgered(scope));
  if ((oldestOpenHours ?? 0) >= OVERDUE_HOURS) needs.overdue('ErasureOverdue');
  if ((oldestUnledgeredMinutes ?? 0) >= UNLEDGERED_MINUTES) needs.overdue('LedgerOverdue');
  return { oldestOpenHours, oldestUnledgeredMinutes };
};
