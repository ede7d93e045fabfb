import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { PROBLEMS } from '#lib/contract/problem.ts';
import type { AnswerOf, RequestOf, Route, UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal, type RefusalCode, Unavailable } from '#lib/domain/errors.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { requireCurrentSettings } from '#lib/store/business/stored-settings.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { translateError } from '#lib/store/database/database-errors.ts';
import { needsSecrets, withSecretsReady } from '#lib/store/keys/secrets-ready.ts';
import { commit, effectOf } from '#lib/store/database/unit-of-work.ts';
import { type Accountable, accountedFor, type Settled } from './account-for.ts';
import { toHttpAnswer } from './answer/answer.ts';
import { beforeDeadline } from './limits/before-deadline.ts';
import { readAgain } from './limits/read-again.ts';
import { untilSettled } from './limits/until-settled.ts';
import type { HttpEvent, Invocation } from './request/http-event.ts';
import { recallAnswer, recordIfPossible, rememberAnswer, repeatableOf } from './answer/repeated-request.ts';
import { parseRequest } from './request/parse.ts';
import { callerOf, permit } from './request/permit.ts';
import { pipeline } from './pipeline.ts';
import { recordExtensions } from './record-extensions.ts';
import { type Admission, withinRateLimit } from './limits/rate-limiter.ts';
import { withinRefusals } from './limits/refusal-limiter.ts';

/** The result of the steps of a request, before it is written. `isRecorded` says to keep the answer for repeats. */
export type Outcome = Settled & Readonly<{ isRecorded: boolean }>;

/** The steps of a request. They stage changes under the scope, and wait for `admitted` before they write on their own. */
export type Steps<C> = (request: RequestOf<C>, scope: BusinessScope, admitted: Admission) => Promise<Outcome>;

/** The steps of a use case, with the answer in the form that the contract declares. */
export const stepsOf =
  <C extends Accountable>(contract: C, useCase: UseCase<C>): Steps<C> =>
  async (request, scope) => {
    const answer: AnswerOf<C> = await useCase(request, scope);
    const effect = effectOf(scope);
    const isRecorded = effect !== 'none';
    return { answer: toHttpAnswer(contract, answer, scope.role), effect, isRecorded };
  };

/**
 * The Lambda handler of a route.
 * @param requireKnown refuses the id in the path before the shape of the request is judged, for a route that answers so
 */
export const serve = <C extends Accountable>(
  contract: C,
  useCase: UseCase<C>,
  requireKnown?: RequireKnown,
) => {
  const answer = answering(contract, stepsOf(contract, useCase), { requireKnown });
  return pipeline(contract, async (...asked) => (await answer(...asked)).answer);
};

/** As how many requests a call counts. A bulk was admitted as a whole, so its operations meet no limit again. */
export type Weight<C> = ((request: RequestOf<C>) => number) | 'with-its-bulk';

/** Throws Refusal `customer-not-found` unless the caller's business has this customer. */
export type RequireKnown = (id: string, scope: BusinessScope) => Promise<void>;

type Answering<C> = Readonly<{ weight?: Weight<C>; requireKnown?: RequireKnown | undefined }>;

/**
 * Answers a request: checks the caller, parses the input, checks the rate limit, looks for a recorded answer, runs the
 * steps and commits everything staged in one transaction. The input is parsed before the limit is checked because it may
 * say as how many requests it counts; a call above the limit is refused for that, whatever is wrong with its input. Only where
 * `requireKnown` is given, input of a wrong shape costs a read: an unknown id is refused first.
 */
export const answering = <C extends Accountable>(
  contract: C,
  steps: Steps<C>,
  { weight = () => 1, requireKnown }: Answering<C> = {},
) => {
  const serving = servingWith(contract, steps, { weight, requireKnown });
  return async (event: HttpEvent, invocation: Invocation): Promise<Settled> => {
    const { requestId } = invocation;
    const deadline = deadlineFrom(invocation.getRemainingTimeInMillis());
    const work = () => serving(event, { requestId, deadline });
    const isDenial = (code: RefusalCode): boolean => PROBLEMS[code].status === DENIED;
    const caller = { subject: callerOf(event).actor, requestId, deadline, isDenial };
    return await accountedFor({ contract, event, requestId }, () =>
      weight === 'with-its-bulk' ? work() : withinRefusals(caller, work),
    );
  };
};

/** The status of calls that spend the caller's own budget of refusals. */
const DENIED = 403;

const servingWith = <C extends Accountable>(
  contract: C,
  steps: Steps<C>,
  { weight, requireKnown }: Answering<C> & Readonly<{ weight: Weight<C> }>,
) => {
  const isBehindSecrets = needsSecrets(contract.needs);
  return async (event: HttpEvent, call: Pick<BusinessScope, 'requestId' | 'deadline'>) => {
    const scope = permit(event, contract.permission, { purpose: contract.purpose, ...call });
    const parsed = readOnce(() => parseRequest(contract, event));
    const requests = weight === 'with-its-bulk' ? 0 : parsed.isRead ? weight(parsed.read()) : 1;
    return await withinRateLimit({ scope, requests, bucket: contract.bucket }, async (admitted) => {
      const ready = <T>(work: () => Promise<T>): Promise<T> =>
        isBehindSecrets ? withSecretsReady(scope, work) : work();
      const inTime = <T>(work: () => Promise<T>): Promise<T> => beforeDeadline(scope.deadline, work);
      if (!parsed.isRead && requireKnown !== undefined)
        await inTime(() => ready(() => refuseUnknown(event, requireKnown, scope)));
      const request = parsed.read();
      const settle = (by: BusinessScope) =>
        ready(() =>
          settled({
            ...{ contract, event, scope: by, admitted },
            steps: (attempted) => steps(request, attempted, admitted),
          }),
        );
      const work = () => (contract.readsAgain === true ? readAgain(scope, settle) : settle(scope));
      return { ...(await inTime(work)), by: scope };
    });
  };
};

/** Refuses an unknown customer in the path. A path that names none is a matter of the shape. */
const refuseUnknown = async (
  { pathParameters }: HttpEvent,
  requireKnown: RequireKnown,
  scope: BusinessScope,
): Promise<void> => {
  const { success: isNamed, data: path } = CustomerPath.safeParse(pathParameters);
  if (!isNamed) return;
  try {
    await requireKnown(path.id, scope);
  } catch (error) {
    throw translateError(error);
  }
};

/** Reads something now. `read` gives it, or throws what reading it threw. */
const readOnce = <T>(reading: () => T): Readonly<{ isRead: boolean; read: () => T }> => {
  try {
    const value = reading();
    return { isRead: true, read: () => value };
  } catch (error) {
    return {
      isRead: false,
      read: () => {
        throw error;
      },
    };
  }
};

type Call = Readonly<{
  contract: Route;
  event: HttpEvent;
  scope: BusinessScope;
  admitted: Admission;
  steps: (scope: BusinessScope) => Promise<Outcome>;
}>;

const NOT_READ = 'The database did not answer in time. Try again.';
const NOT_SAVED = 'This record kept changing while we tried to save it. Try again.';

/** After a write conflict or a broken connection, tries again from the first read on, until the deadline. */
export const settled = (call: Call): Promise<Settled> =>
  untilSettled(call.scope, (scope) => attempt({ ...call, scope }), {
    mayPass: (failure) => failure instanceof Conflict,
    // By then the caller has an answer, and nothing may be written after it.
    atLast: (cause) => new Unavailable(call.contract.method === 'GET' ? NOT_READ : NOT_SAVED, { cause }),
  });

/** One attempt, with its own scope and so with its own staged changes. */
const attempt = async ({ contract, event, scope, admitted, steps }: Call): Promise<Settled> => {
  const repeatable = repeatableOf(contract, event);
  const recall = async () => (repeatable === null ? null : await recallAnswer(repeatable, scope));
  const earlier = await recall();
  if (earlier !== null) return { answer: earlier, effect: 'none' };
  try {
    const { answer, effect, isRecorded } = await steps(scope);
    if (effect === 'in-parts')
      return { answer: isRecorded ? await recordIfPossible(repeatable, answer, scope) : answer, effect };
    if (repeatable !== null && isRecorded) await rememberAnswer(repeatable, answer, scope);
    // If the same request came first, nothing was left to change, and its answer is the right one.
    const first = effect === 'none' ? await recall() : null;
    await admitted();
    await recordExtensions(await commit(scope), contract.name, scope);
    return { answer: first ?? answer, effect };
  } catch (error) {
    // The refusal may be caused by the change of the same request if that came first.
    const meanwhile = error instanceof Refusal ? await recall() : null;
    if (meanwhile !== null) return { answer: meanwhile, effect: 'none' };
    if (error instanceof Refusal) await requireCurrentSettings(scope);
    throw error;
  }
};
