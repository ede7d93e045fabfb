import { type AnswerOf, ok } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Withdrawable } from '#lib/privacy/unsubscribe-token.ts';
import type { Withdrawals } from '#lib/store/rights/withdrawals.ts';
import type { contract } from './contract.ts';

type Needs = { withdrawals: Pick<Withdrawals, 'find' | 'record'> };

/** Records that a customer refuses what the link is about. Nobody is told that a customer is unknown or erased. */
export const unsubscribe =
  ({ withdrawals }: Needs) =>
  async (
    { customerId, purpose, channel }: Withdrawable,
    scope: BusinessScope,
  ): Promise<AnswerOf<typeof contract>> => {
    const found = await withdrawals.find(customerId, scope);
    if (found !== null) await withdrawals.record(found, { purpose, channel }, scope);
    return ok({ unsubscribed: true });
  };
