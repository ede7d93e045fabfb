import { readLedgerFile } from '#lib/contract/ledger-file.ts';
import type { SystemUseCase } from '#lib/contract/task.ts';
import type { LedgerEntry } from '#lib/domain/rights/erasure.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { countReturned, eraseReturned } from '#lib/store/rights/replay.ts';
import type { contract } from './contract.ts';

type Needs = {
  /** The keys of the ledger after another one, in order. */
  ledgerKeys: (after: string | undefined, deadline: number) => AsyncIterable<string>;
  /** The text of a file; null when it is damaged. */
  readLedger: (key: string, deadline: number) => Promise<string | null>;
  countReturned: typeof countReturned;
  eraseReturned: typeof eraseReturned;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  nowMs: () => number;
};

/** No file starts later than this before the deadline. */
const SPARE_MS = 60_000;

/**
 * Erases again, as the ledger says, the customers that a restored database brought back. It may be stopped anywhere and repeated. It
 * stops at a line that is none of the ledger's: what comes after it could be anything.
 */
export const replayErasures =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ dryRun, after, batchSize }, scope) => {
    const done = { files: 0, lines: 0, returned: 0, after: after ?? null };
    const stop = (
      outcome: 'finished' | 'out-of-time' | 'dry-run' | 'unreadable',
      unreadable: { file: string; line: number | null } | null = null,
    ) => {
      const { files, lines, returned } = done;
      needs.logEvent('replay-stopped', { outcome, files, lines, returned });
      return { outcome, ...done, unreadable };
    };
    for await (const key of needs.ledgerKeys(after, scope.deadline)) {
      if (needs.nowMs() > scope.deadline - SPARE_MS) return stop('out-of-time');
      const text = await needs.readLedger(key, scope.deadline);
      const file = text === null ? { unreadableLine: null } : readLedgerFile(text);
      if ('unreadableLine' in file) return stop('unreadable', { file: key, line: file.unreadableLine });
      await replay(file.entries);
      done.files += 1;
      done.lines += file.entries.length;
      done.after = key;
      needs.logEvent('ledger-file-replayed', { lines: done.lines, returned: done.returned });
    }
    return stop(dryRun ? 'dry-run' : 'finished');

    async function replay(entries: readonly LedgerEntry[]): Promise<void> {
      for (let from = 0; from < entries.length; from += batchSize) {
        const batch = entries.slice(from, from + batchSize);
        done.returned += dryRun
          ? await needs.countReturned(batch, scope)
          : await needs.eraseReturned(batch, new Date(needs.nowMs()), scope);
      }
    }
  };
