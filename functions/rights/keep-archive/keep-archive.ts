import type { ComparedObjects } from '#lib/cloud/compared-objects.ts';
import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { archivePrefix } from '#lib/domain/rights/archive.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { Renew } from '#lib/store/leases/lease.ts';
import type * as Records from '#lib/store/rights/archive-records.ts';
import type { endLateness, removeArchived } from '#lib/store/rights/archived-activity.ts';
import type { confirmLeaving, prepareLeaving } from '#lib/store/rights/leave-database.ts';
import type { bringBack } from '#lib/store/rights/return-to-database.ts';
import type { contract } from './contract.ts';

type Needs = Pick<
  typeof Records,
  'findUnfinished' | 'findAsked' | 'findArchiving' | 'findDue' | 'noteThawing' | 'noteAway' | 'dropRecord'
> & {
  underLease: <T>(scope: SystemScope, work: (renew: Renew) => Promise<T>) => Promise<T | null>;
  prepareLeaving: typeof prepareLeaving;
  confirmLeaving: typeof confirmLeaving;
  bringBack: typeof bringBack;
  removeArchived: typeof removeArchived;
  endLateness: typeof endLateness;
  objects: () => ComparedObjects;
  /** What an error means for one customer; null when the run cannot go on. */
  troubleOf: (error: unknown) => string | null;
  /** Writes the new ends of histories where those who can write to the database cannot change them. */
  witness: (
    extensions: readonly HistoryExtension[],
    task: string,
    of: Readonly<{ requestId: string; businessId: string }>,
  ) => Promise<void>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  heartbeat: () => void;
  troubled: () => void;
  now: () => Date;
};

type Whose = Readonly<{ businessId: string; customerId: string }>;

/** No batch starts later than this before the deadline. */
const SPARE_MS = 60_000;
const AT_ONCE = 4;
const FIRST_ID = '0'.repeat(24);
/** Another change came first, or another run works on the customer. The next run looks again. */
export const CONFLICT = 'conflict';

/**
 * Brings back the customers that somebody has asked for, then moves those that are due to the archive. First it cleans up
 * what a killed run has left. At each step the database or a compared object has everything.
 */
export const keepArchive =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ batchSize: most }, scope) => {
    const done = { moved: 0, returned: 0, waiting: 0 };
    const troubled: (Whose & { trouble: string })[] = [];
    const outcome = (await needs.underLease(scope, work)) ?? 'another-run';
    needs.logEvent('archive-kept', { outcome, ...done, troubled: troubled.length });
    if (troubled.length > 0) needs.troubled();
    needs.heartbeat();
    return { outcome, ...done, troubled };

    async function work(renew: Renew): Promise<'finished' | 'out-of-time'> {
      const { findUnfinished, findAsked } = needs;
      const byId = ({ customerId }: Whose) => customerId;
      const stages = [
        walk((after) => findUnfinished('moving', { after, most }, scope), byId, giveUp),
        walk((after) => findUnfinished('leaving', { after, most }, scope), byId, endLeaving),
        walk((after) => findUnfinished('returning', { after, most }, scope), byId, endReturn),
        walk((after) => findAsked({ after, most }, scope), byId, comeBack),
        ...(await needs.findArchiving(scope)).map((archiving) =>
          walk(
            (after) => needs.findDue(archiving, { after, most }, scope),
            ({ place }) => place,
            (due) => leave(due, archiving.before),
          ),
        ),
      ];
      for (const stage of stages) if (!(await stage(renew))) return 'out-of-time';
      return 'finished';
    }

    /** Walks over everything that is found, batch by batch. The walk returns whether it came to the end in time. */
    function walk<T extends Whose>(
      find: (after: string) => Promise<readonly T[]>,
      placeOf: (one: T) => string,
      handle: (one: T) => Promise<void>,
    ) {
      return async (renew: Renew): Promise<boolean> => {
        for (let after = FIRST_ID; ;) {
          if (needs.now().getTime() > scope.deadline - SPARE_MS || !(await renew())) return false;
          const found = await find(after);
          const last = found.at(-1);
          if (last === undefined) return true;
          for (let from = 0; from < found.length; from += AT_ONCE)
            await Promise.all(found.slice(from, from + AT_ONCE).map((one) => named(one, handle)));
          after = placeOf(last);
        }
      };
    }

    /** One customer with a trouble of its own does not stop the others. */
    async function named<T extends Whose>(one: T, handle: (one: T) => Promise<void>): Promise<void> {
      try {
        await handle(one);
      } catch (error) {
        const trouble = needs.troubleOf(error);
        if (trouble === null) throw error;
        if (trouble === CONFLICT) return;
        const { businessId, customerId } = one;
        troubled.push({ businessId, customerId, trouble });
        needs.logEvent('archive-troubled', { businessId, customerId, trouble });
      }
    }

    /** The database still has everything. The record goes first: then no run can confirm what is being deleted. */
    async function giveUp(record: Records.ArchiveRecord): Promise<void> {
      if (await needs.dropRecord(record, scope))
        await needs.objects().delete(record.objectKey, scope.deadline);
    }

    /** The object has everything. What it holds of orders and payments leaves the database. */
    async function endLeaving(record: Records.ArchiveRecord): Promise<void> {
      await needs.removeArchived(record, scope);
      await needs.noteAway(record, scope);
    }

    /** The database has everything again. The record goes last: it leads to the object. */
    async function endReturn(record: Records.ArchiveRecord): Promise<void> {
      await needs.endLateness(record, scope);
      await needs.objects().deleteAll(archivePrefix(record), scope.deadline);
      await needs.dropRecord({ ...record, step: 'returning' }, scope);
    }

    async function comeBack(record: Records.ArchiveRecord): Promise<void> {
      // Erased: `finish-erasures` deletes the object.
      if (record.dataKey === null) return;
      const body = await needs.objects().read(record.objectKey, scope.deadline);
      if (body === null) {
        done.waiting += 1;
        if (record.step === 'away') await needs.noteThawing(record, scope);
        return;
      }
      const extensions = await needs.bringBack(record, { body, at: needs.now() }, scope);
      if (extensions.length === 0) return;
      await witness(extensions, record);
      done.returned += 1;
      await endReturn(record);
    }

    async function witness(extensions: readonly HistoryExtension[], { businessId }: Whose): Promise<void> {
      await needs.witness(extensions, scope.purpose, { requestId: scope.requestId, businessId });
    }

    async function leave(due: Records.Due, before: Date): Promise<void> {
      const leaving = await needs.prepareLeaving(due, before, scope);
      if (leaving === null) return;
      const { body, record } = leaving;
      const { objectKey: key, sha256 } = record;
      await needs.objects().store({ key, body, sha256 }, scope.deadline);
      const extensions = await needs.confirmLeaving(leaving, needs.now());
      await witness(extensions, due);
      await endLeaving(record);
      done.moved += 1;
    }
  };
