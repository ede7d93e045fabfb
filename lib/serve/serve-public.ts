import type { AnswerOf, PublicUseCase, Route } from '#lib/contract/route.ts';
import { toHttpAnswer } from './answer/answer.ts';
import { parseRequest } from './request/parse.ts';
import { pipeline } from './pipeline.ts';

type Public = Omit<Route, 'permission'> & { permission?: never };

/**
 * A public answer holds no personal data. A deployment changes it, so caches may keep it for five minutes only. The gateway
 * adds the origin that may read it: a cache must not give it to a page of another origin.
 */
const CACHEABLE = { 'cache-control': 'public, max-age=300', vary: 'origin' };

/**
 * The Lambda handler of a route that anyone may call. It has no scope, so it cannot use the store. Caches may keep the
 * answer of a GET.
 */
export const servePublic = <C extends Public>(contract: C, useCase: PublicUseCase<C>) =>
  pipeline(contract, async (event) => {
    const answer: AnswerOf<C> = await useCase(parseRequest(contract, event));
    const sent = toHttpAnswer(contract, answer);
    return contract.method === 'GET' ? { ...sent, headers: { ...sent.headers, ...CACHEABLE } } : sent;
  });
