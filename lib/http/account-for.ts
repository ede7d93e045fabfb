import * as z from 'zod';
import type { Route } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { recordAccess } from '#lib/runtime/access-log.ts';
import { count } from '#lib/runtime/metrics.ts';
import type { Effect } from '#lib/store/unit-of-work.ts';
import { type HttpAnswer, saidIn } from './answer.ts';
import type { HttpEvent } from './http-event.ts';
import { callerOf } from './permit.ts';
import { statusOf } from './problem-answer.ts';
import { type Shown, shownIn } from './shown.ts';

/** A route whose every call is accounted for: all but the public ones. */
export type Accountable = Route & Required<Pick<Route, 'permission' | 'purpose'>>;

type Asked = Readonly<{ contract: Accountable; event: HttpEvent; requestId: string }>;

/** What is sent, and what it left behind; `in-parts` when each part of it is accounted for by itself. */
export type Settled = Readonly<{ answer: HttpAnswer; effect: Effect | 'in-parts' }>;

/** And who was let in. */
type Served = Settled & Readonly<{ by: BusinessScope }>;

type Caller = ReturnType<typeof callerOf>;

const DENIALS: readonly number[] = [403, 404];

/**
 * Serves a request and accounts for it, before the answer leaves: who, why, what, whom, in the access log. Only a
 * request that changed a customer is not there: it stands in that customer's history, written with the change.
 * @throws what serving throws, and Error when the entry could not be written: without it there is no answer
 */
export const accountedFor = async (asked: Asked, serving: () => Promise<Served>): Promise<Settled> => {
  const settled = await serving().catch(async (error: unknown) => {
    if (error instanceof Refusal) await accountForRefusal(asked, error);
    throw error;
  });
  const { answer, effect, by } = settled;
  if (effect === 'in-history' || effect === 'in-parts') return settled;
  const { customers, fields } = shownIn(saidIn(answer));
  const caller = { actor: by.actorId, role: by.role, business: by.businessId };
  await record('customer-accessed', {
    ...about(asked, caller, answer.statusCode),
    outcome: outcomeOf(asked, answer, effect),
    ...shown(asked, caller, { fields, customers: [...new Set([...idInPath(asked), ...customers])] }),
  });
  return settled;
};

/** A denial says who was asked for; another refusal shows nobody, but for the one who has the email or phone already. */
const accountForRefusal = async (asked: Asked, { code, details }: Refusal): Promise<void> => {
  const status = statusOf(asked.contract, code);
  const { existing } = details;
  const caller = callerOf(asked.event);
  if (DENIALS.includes(status)) {
    const nothing = shown(asked, caller, { fields: [], customers: idInPath(asked) });
    await record('access-denied', { ...about(asked, caller, status), outcome: 'denied', code, ...nothing });
  } else if (existing !== undefined) {
    const one = shown(asked, caller, shownIn(existing));
    await record('customer-accessed', { ...about(asked, caller, status), outcome: 'refused', code, ...one });
  }
};

const record = async (...entry: Parameters<typeof recordAccess>): Promise<void> => {
  try {
    await recordAccess(...entry);
  } catch (cause) {
    count('AuditWriteFailed');
    throw new Error('An access could not be accounted for.', { cause });
  }
};

const about = ({ contract, requestId }: Asked, caller: Caller, status: number) => ({
  requestId,
  useCase: contract.name,
  purpose: contract.purpose,
  ...caller,
  status,
});

const outcomeOf = ({ contract }: Asked, { headers }: HttpAnswer, effect: Settled['effect']) => {
  if (headers['idempotent-replayed'] !== undefined) return 'replayed';
  if (contract.method === 'GET') return 'read';
  return effect === 'none' ? 'unchanged' : 'changed';
};

const shown = (asked: Asked, { role }: Caller, { fields, customers }: Shown) => {
  const hidden = role === undefined ? [] : hiddenFrom(role);
  return {
    filters: filtersIn(asked),
    fields,
    masked: hidden.filter((name) => fields.includes(name)),
    customers,
  };
};

/** They choose a slice and its order, and nobody. */
const PAGING = ['page', 'pageSize', 'orderBy', 'orderDir', 'cursor'];

/** Only names that the contract knows: an unknown one could be anything, a value too. */
const filtersIn = ({ contract: { query }, event: { queryStringParameters: given } }: Asked): string[] => {
  if (given === undefined || !(query instanceof z.ZodObject)) return [];
  const { shape } = query;
  return Object.keys(given).filter(
    (name) => Object.hasOwn(shape, name) && given[name] !== undefined && !PAGING.includes(name),
  );
};

const CUSTOMER_ID = /^[0-9a-f]{24}$/;

const idInPath = ({ event }: Asked): string[] => {
  const id = event.pathParameters?.['id']?.toLowerCase() ?? '';
  return CUSTOMER_ID.test(id) ? [id] : [];
};
