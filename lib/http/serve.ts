import type { AnswerOf, RequestOf, UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { meaningOf } from '#lib/store/database-errors.ts';
import { withSecretsAtHand } from '#lib/store/secrets-at-hand.ts';
import { commit, effectOf } from '#lib/store/unit-of-work.ts';
import { type Accountable, accountedFor, type Settled } from './account-for.ts';
import { toHttpAnswer } from './answer.ts';
import { beforeDeadline } from './before-deadline.ts';
import type { HttpEvent, Invocation } from './http-event.ts';
import { recallAnswer, rememberAnswer, repeatableOf } from './idempotency.ts';
import { parseRequest } from './parse.ts';
import { permit } from './permit.ts';
import { pipeline } from './pipeline.ts';
import { type Admission, withinRateLimit } from './rate-limit.ts';

/** What the steps of a request come to, before it is written. */
export type Outcome = Settled & Readonly<{ isWorthRemembering: boolean }>;

/** The steps of a request: they stage with the scope. What they write by themselves has to wait for the admission. */
export type Steps<C> = (request: RequestOf<C>, scope: BusinessScope, admitted: Admission) => Promise<Outcome>;

/** The steps of a use case, and the answer as the contract declares it. */
export const stepsOf =
  <C extends Accountable>(contract: C, useCase: UseCase<C>): Steps<C> =>
  async (request, scope) => {
    const answer: AnswerOf<C> = await useCase(request, scope);
    const effect = effectOf(scope);
    const isWorthRemembering = effect !== 'none';
    return { answer: toHttpAnswer(contract, answer, scope.role), effect, isWorthRemembering };
  };

/** The Lambda handler of a route. */
export const serve = <C extends Accountable>(contract: C, useCase: UseCase<C>) => {
  const answer = answering(contract, stepsOf(contract, useCase));
  return pipeline(contract, async (...asked) => (await answer(...asked)).answer);
};

/** What has a secret of its own, to be read before the first use in an environment. */
const BEHIND_SECRETS = ['database', 'keyring'] as const;

/**
 * Answers a request: who is calling and how often, what is asked, was it answered before, the steps, and one transaction
 * for everything that was staged.
 */
export const answering = <C extends Accountable>(contract: C, steps: Steps<C>) => {
  const needsSecrets = BEHIND_SECRETS.every((need) => contract.needs.includes(need));
  return async (event: HttpEvent, invocation: Invocation): Promise<Settled> => {
    const { awsRequestId: requestId } = invocation;
    return await accountedFor({ contract, event, requestId }, async () => {
      const scope = permit(event, contract.permission, {
        purpose: contract.purpose,
        requestId,
        deadline: deadlineFrom(invocation.getRemainingTimeInMillis()),
      });
      return await withinRateLimit(scope, async (admitted) => {
        const request = parseRequest(contract, event);
        const call = { contract, event, scope, admitted };
        const work = () =>
          untilSettled({ ...call, steps: (attempted) => steps(request, attempted, admitted) });
        const settled = await beforeDeadline(scope.deadline, () =>
          needsSecrets ? withSecretsAtHand(scope, work) : work(),
        );
        return { ...settled, by: scope };
      });
    });
  };
};

type Call = Readonly<{
  contract: Accountable;
  event: HttpEvent;
  scope: BusinessScope;
  admitted: Admission;
  steps: (scope: BusinessScope) => Promise<Outcome>;
}>;

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 120;

/** Tries again from the read on whenever somebody else wrote first, until the deadline. */
const untilSettled = async (call: Call): Promise<Settled> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt({ ...call, scope: call.scope.again() });
    } catch (error) {
      const meaning = meaningOf(error);
      if (!(meaning instanceof Conflict)) throw meaning;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
      // The caller has its answer by then; nothing may be written after it.
      if (Date.now() >= call.scope.deadline) {
        throw new Unavailable('Others wrote first until the time was over. Try again.', { cause: meaning });
      }
    }
  }
};

/** One attempt: its scope is its own, and with it everything it stages. */
const attempt = async ({ contract, event, scope, admitted, steps }: Call): Promise<Settled> => {
  const repeatable = repeatableOf(contract, event);
  const recall = async () => (repeatable === null ? null : await recallAnswer(repeatable, scope));
  const earlier = await recall();
  if (earlier !== null) return { answer: earlier, effect: 'none' };
  try {
    const { answer, effect, isWorthRemembering } = await steps(scope);
    if (repeatable !== null && isWorthRemembering) await rememberAnswer(repeatable, answer, scope);
    // Nothing was left to change because the same request came first: that one's answer stands.
    const first = effect === 'none' ? await recall() : null;
    await admitted();
    await commit(scope);
    return { answer: first ?? answer, effect };
  } catch (error) {
    // What it was refused for may be the change that the same request made, having come first.
    const meanwhile = error instanceof Refusal ? await recall() : null;
    if (meanwhile === null) throw error;
    return { answer: meanwhile, effect: 'none' };
  }
};
