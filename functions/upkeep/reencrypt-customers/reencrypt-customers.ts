import type { SystemUseCase } from '#lib/contract/task.ts';
import { takeBatches } from '#lib/domain/batches.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { RemainingUse } from '#lib/store/rotation/key-uses.ts';
import type { Outdated } from '#lib/store/rotation/outdated.ts';
import type { Outcome, Troubled } from '#lib/store/rotation/reencrypt.ts';
import type { contract } from './contract.ts';

type Needs = {
  readKeyringNow: () => Promise<Keyring>;
  isKeyringInUse: (ring: Keyring) => Promise<boolean>;
  noteKeyring: (ring: Keyring, scope: SystemScope) => Promise<void>;
  keyringAgeMs: (ring: Keyring, scope: SystemScope) => Promise<number>;
  /** Finds once every record that this keyring would write differently. */
  findOutdated: (walk: { ring: Keyring; size: number }, scope: SystemScope) => AsyncIterable<Outdated>;
  reencrypt: (batch: Outdated, ring: Keyring, scope: SystemScope) => Promise<Outcome>;
  countLeft: (ring: Keyring, scope: SystemScope) => Promise<RemainingUse[]>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  nowMs: () => number;
};

/** No batch starts later than this before the deadline: the records that are left must still be counted. */
const SPARE_MS = 60_000;
const MOST_TROUBLES = 100;

type StopReason = 'out-of-time' | 'keyring-changed';
type Reason = StopReason | 'finished' | 'dry-run';
type Progress = { rewritten: number; troubles: Map<string, Troubled> };

/**
 * Rewrites all records with the current key, and answers which old keys nothing needs any more. A run that stops early can
 * be repeated: each record says which keys it needs, and a rewritten one is not found again.
 */
export const reencryptCustomers =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ dryRun, batchSize, settleMs }, scope) => {
    const ring = await needs.readKeyringNow();
    const progress: Progress = { rewritten: 0, troubles: new Map() };
    if (!dryRun) await needs.noteKeyring(ring, scope);
    const settled = (await needs.keyringAgeMs(ring, scope)) >= settleMs;
    const outcome: Reason = dryRun ? 'dry-run' : await untilNothingIsFound();
    const left = await needs.countLeft(ring, scope);
    return report();

    /** Repeats passes until one finds nothing: a live change with an older keyring may undo what an earlier pass did. */
    async function untilNothingIsFound(): Promise<'finished' | StopReason> {
      for (;;) {
        const found = await pass();
        if (typeof found === 'string') return found;
        if (found === 0) return 'finished';
      }
    }

    /** Returns how many customers a pass rewrote or could not rewrite because of a live change, or why it stopped early. */
    async function pass(): Promise<number | StopReason> {
      let found = 0;
      const batches = needs.findOutdated({ ring, size: batchSize }, scope);
      const outcome = await takeBatches(batches, rewrite, {
        nowMs: needs.nowMs,
        lastStartMs: scope.deadline - SPARE_MS,
      });
      return outcome === 'finished' ? found : outcome;

      async function rewrite(batch: Outdated): Promise<'keyring-changed' | undefined> {
        if (!(await needs.isKeyringInUse(ring))) return 'keyring-changed';
        const { rewritten, contended, troubles } = await needs.reencrypt(batch, ring, scope);
        found += rewritten + contended;
        progress.rewritten += rewritten;
        for (const troubled of troubles) note(troubled);
        needs.logEvent('reencryption-batch-finished', { rewritten, rewrittenSoFar: progress.rewritten });
        return undefined;
      }
    }

    function note(troubled: Troubled): void {
      const { customerId } = troubled;
      if (progress.troubles.size >= MOST_TROUBLES || progress.troubles.has(customerId)) return;
      progress.troubles.set(customerId, troubled);
      needs.logEvent('reencryption-trouble-met', { ...troubled });
    }

    function report() {
      const { rewritten } = progress;
      const troubles = [...progress.troubles.values()];
      const needed = new Set(left.map(({ keyId }) => keyId));
      const mayBeDropped =
        settled && !needed.has(null)
          ? [...ring.keys.keys()].filter((keyId) => keyId !== ring.current && !needed.has(keyId))
          : [];
      needs.logEvent('reencryption-stopped', {
        outcome,
        rewritten,
        left: left.reduce((sum, { records }) => sum + records, 0),
        troubles: troubles.length,
      });
      return { outcome, rewritten, currentKeyId: ring.current, settled, left, mayBeDropped, troubles };
    }
  };
