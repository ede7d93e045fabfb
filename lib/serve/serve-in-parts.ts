import type { AnswerOf, RequestOf } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { commit } from '#lib/store/database/unit-of-work.ts';
import type { Accountable } from './account-for.ts';
import { toHttpAnswer } from './answer/answer.ts';
import { pipeline } from './pipeline.ts';
import { recordExtensions } from './record-extensions.ts';
import { answering, type Steps } from './serve.ts';

/** Writes everything that was staged so far in one transaction. */
export type Save = () => Promise<void>;

/** The steps of a route that writes in several transactions. It must be safe to start again after each of them. */
export type UseCaseInParts<C extends Accountable> = (
  request: RequestOf<C>,
  scope: BusinessScope,
  save: Save,
) => Promise<AnswerOf<C>>;

/** The Lambda handler of a route that writes in several transactions. Its answer is recorded only if it wrote something. */
export const serveInParts = <C extends Accountable>(contract: C, useCase: UseCaseInParts<C>) => {
  const steps: Steps<C> = async (request, scope, admitted) => {
    let saves = 0;
    const save: Save = async () => {
      await admitted();
      await recordExtensions(await commit(scope), contract.name, scope);
      saves += 1;
    };
    const answer: AnswerOf<C> = await useCase(request, scope, save);
    const isRecorded = saves > 0;
    return {
      answer: toHttpAnswer(contract, answer, scope.role),
      effect: isRecorded ? 'in-parts' : 'none',
      isRecorded,
    };
  };
  const answer = answering(contract, steps);
  return pipeline(contract, async (...asked) => (await answer(...asked)).answer);
};
