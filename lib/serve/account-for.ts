import * as z from 'zod';
import { PROBLEMS } from '#lib/contract/problem.ts';
import type { Route } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import { recordAccess } from '#lib/runtime/access-log.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import type { Effect } from '#lib/store/database/unit-of-work.ts';
import type { HttpAnswer, Success } from './answer/answer.ts';
import type { HttpEvent } from './request/http-event.ts';
import { callerOf } from './request/permit.ts';
import { type Shown, shownIn } from './answer/shown.ts';

/** A route whose calls go into the access log: every route but the public ones. */
export type Accountable = Route & Required<Pick<Route, 'permission' | 'purpose'>>;

type Asked = Readonly<{ contract: Accountable; event: HttpEvent; requestId: string }>;

/**
 * An answer, and what the request changed. `in-parts`: the operations of a bulk have access log entries of their own.
 */
export type Settled = Readonly<{ answer: Success; effect: Effect | 'in-parts' }>;

/** An answer together with the scope of its caller. */
type Served = Settled & Readonly<{ by: BusinessScope }>;

type Caller = ReturnType<typeof callerOf>;

const DENIALS: readonly number[] = [403, 404];

/**
 * Serves a request and writes an access log entry before the answer is sent: who saw which fields of which customers,
 * and what for. A request that changed a customer has no entry, because the change is in the history of that customer, unless it
 * also showed others.
 * @throws what serving throws, and Error when the entry cannot be written: there is no answer without an entry
 */
export const accountedFor = async (asked: Asked, serving: () => Promise<Served>): Promise<Settled> => {
  const settled = await serving().catch(async (error: unknown) => {
    if (error instanceof Refusal) await accountForRefusal(asked, error);
    throw error;
  });
  const { answer, effect, by } = settled;
  const isAccountedFor = effect === 'in-history' && asked.contract.alsoReads !== true;
  if (isAccountedFor || effect === 'in-parts') return settled;
  const { customers, fields } = shownIn(answer.said);
  const caller = { actor: by.actorId, role: by.role, business: by.businessId };
  await record('customer-accessed', {
    ...about(asked, caller, answer.statusCode),
    outcome: outcomeOf(asked, answer, effect),
    ...shown(asked, caller, { fields, customers: [...new Set([...idInPath(asked), ...customers])] }),
  });
  return settled;
};

/**
 * Logs a denial with the customer in the path, and a duplicate with the customer that has the email or phone. A stranger
 * must not fill the record of a business, so its denial is logged by its subject only, and counted.
 */
const accountForRefusal = async (asked: Asked, { code, details }: Refusal): Promise<void> => {
  const { status } = PROBLEMS[code];
  const { existing } = details;
  const caller = callerOf(asked.event);
  if (code === 'not-a-member') {
    logEvent('stranger-refused', { code, ...(caller.actor !== undefined && { actor: caller.actor }) });
    count('StrangerRefused');
  } else if (DENIALS.includes(status)) {
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
    throw new Error('The access log entry could not be written.', { cause });
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
  if (contract.method === 'GET' || contract.onlyReads === true) return 'read';
  if (effect === 'none') return contract.alsoReads === true ? 'read' : 'unchanged';
  return 'changed';
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

/** Parameters that choose a page and an order, but do not filter. */
const PAGING = ['page', 'pageSize', 'orderBy', 'orderDir', 'cursor'];

/** Only names of the contract: an unknown name could contain personal data. */
const filtersIn = ({ contract: { query }, event: { queryStringParameters: given } }: Asked): string[] => {
  if (given === undefined || !(query instanceof z.ZodObject)) return [];
  const { shape } = query;
  return Object.keys(given).filter(
    (name) => Object.hasOwn(shape, name) && isGiven(given[name]) && !PAGING.includes(name),
  );
};

/** An empty parameter counts as absent. */
const isGiven = (value: string | undefined): boolean => value !== undefined && value !== '';

const CUSTOMER_ID = /^[0-9a-f]{24}$/;

const idInPath = ({ event }: Asked): string[] => {
  const id = event.pathParameters?.['id']?.toLowerCase() ?? '';
  return CUSTOMER_ID.test(id) ? [id] : [];
};
