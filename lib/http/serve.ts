import type { AnswerOf, RequestOf, Route, UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { meaningOf } from '#lib/store/database-errors.ts';
import { commit, effectOf } from '#lib/store/unit-of-work.ts';
import { type Accountable, accountedFor, type Settled } from './account-for.ts';
import { toHttpAnswer } from './answer.ts';
import { beforeDeadline } from './before-deadline.ts';
import type { HttpEvent } from './http-event.ts';
import { recallAnswer, rememberAnswer, repeatableOf } from './idempotency.ts';
import { parseRequest } from './parse.ts';
import { permit } from './permit.ts';
import { pipeline } from './pipeline.ts';
import { type Admission, withinRateLimit } from './rate-limit.ts';

/**
 * The Lambda handler of a route: who is calling and how often, what is asked, was it answered before, the use case's steps,
 * the answer as the contract declares it, and one transaction for everything that was staged.
 */
export const serve = <C extends Accountable>(contract: C, useCase: UseCase<C>) =>
  pipeline(contract, async (event, context) => {
    const { awsRequestId: requestId } = context;
    return await accountedFor({ contract, event, requestId }, async () => {
      const scope = permit(event, contract.permission, {
        purpose: contract.purpose,
        requestId,
        deadline: deadlineFrom(context.getRemainingTimeInMillis()),
      });
      return await withinRateLimit(scope, async (admitted) => {
        const request = parseRequest(contract, event);
        return await beforeDeadline(scope.deadline, () =>
          untilSettled(contract, useCase, { event, request, scope, admitted }),
        );
      });
    });
  });

type Call<C extends Route> = Readonly<{
  event: HttpEvent;
  request: RequestOf<C>;
  scope: BusinessScope;
  admitted: Admission;
}>;

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 120;

/** Tries again from the read on whenever somebody else wrote first, until the deadline. */
const untilSettled = async <C extends Accountable>(
  contract: C,
  useCase: UseCase<C>,
  call: Call<C>,
): Promise<Settled> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt(contract, useCase, { ...call, scope: call.scope.again() });
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
const attempt = async <C extends Accountable>(
  contract: C,
  useCase: UseCase<C>,
  { event, request, scope, admitted }: Call<C>,
): Promise<Settled> => {
  const repeatable = repeatableOf(contract, event);
  const recall = async () => (repeatable === null ? null : await recallAnswer(repeatable, scope));
  const earlier = await recall();
  if (earlier !== null) return { answer: earlier, effect: 'none' };
  try {
    const answer: AnswerOf<C> = await useCase(request, scope);
    const fresh = toHttpAnswer(contract, answer, scope.role);
    const effect = effectOf(scope);
    const settled = repeatable === null ? fresh : await rememberAnswer(repeatable, fresh, scope);
    await admitted();
    await commit(scope);
    return { answer: settled, effect };
  } catch (error) {
    // What it was refused for may be the change that the same request made, having come first.
    const meanwhile = error instanceof Refusal ? await recall() : null;
    if (meanwhile === null) throw error;
    return { answer: meanwhile, effect: 'none' };
  }
};
