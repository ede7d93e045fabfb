import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { History } from '#lib/store/histories/read-history.ts';
import type { contract } from './contract.ts';

type Needs = { readHistory: (customerId: string, scope: BusinessScope) => Promise<History | null> };

/** Answers a page of a customer's history, oldest entry first, and whether the whole history is unaltered. */
export const getCustomerHistory =
  ({ readHistory }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { pageSize, cursor } }, scope) => {
    const history = await readHistory(id, scope);
    if (history === null) throw customerNotFound();
    const { entries, verified } = history;
    const start = Number(cursor ?? 0);
    const end = start + pageSize;
    const items = entries.slice(start, end).map(toItem);
    return ok({ items, verified, ...(end < entries.length && { nextCursor: String(end) }) });
  };

const toItem = ({
  seq,
  at,
  actor,
  purpose,
  requestId,
  action,
  fields,
  ...rest
}: History['entries'][number]) => {
  const { role, from, to, reason, isReasonBlanked } = rest;
  return {
    seq,
    at: at.toISOString(),
    actor,
    ...(role !== null && { role }),
    purpose,
    requestId,
    action,
    fields: [...fields],
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(reason !== null && { reason }),
    ...(isReasonBlanked && { reasonBlanked: true as const }),
  };
};
