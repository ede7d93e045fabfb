import type { AnswerOf, PublicUseCase, Route } from '#lib/contract/route.ts';
import { toHttpAnswer } from './answer.ts';
import { parseRequest } from './parse.ts';
import { pipeline } from './pipeline.ts';

type Public = Omit<Route, 'permission'> & { permission?: never };

/** The Lambda handler of a route that anybody may call: no scope, and so no store. */
export const servePublic = <C extends Public>(contract: C, useCase: PublicUseCase<C>) =>
  pipeline(contract, async (event) => {
    const answer: AnswerOf<C> = await useCase(parseRequest(contract, event));
    return toHttpAnswer(contract, answer);
  });
