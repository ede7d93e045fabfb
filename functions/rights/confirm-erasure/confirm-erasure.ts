import type { QueueUseCase } from '#lib/contract/queue.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { type Confirmation, confirmedAlso, type Erasure } from '#lib/domain/rights/erasure.ts';
import type { contract } from './contract.ts';

type Needs = {
  findErasure: (id: string, scope: BusinessScope) => Promise<Erasure | null>;
  saveConfirmations: (erasure: Erasure, confirmedBy: readonly Confirmation[], scope: BusinessScope) => void;
};

/**
 * Notes which service confirmed an erasure, and when it did. An erasure that the business does not have is refused: the event stays
 * in the dead-letter queue, so that somebody looks, and it can be sent again after a restored database knows its erasures again.
 */
export const confirmErasure =
  ({ findErasure, saveConfirmations }: Needs): QueueUseCase<typeof contract> =>
  async ({ source: service, time: at, data: { erasureId } }, scope) => {
    const erasure = await findErasure(erasureId, scope);
    if (erasure === null) throw customerNotFound();
    const confirmedBy = confirmedAlso(erasure, { service, at });
    if (confirmedBy !== null) saveConfirmations(erasure, confirmedBy, scope);
    return { customers: [erasureId], fields: [] };
  };
