import type { AnswerOf, Route } from '#lib/contract/route.ts';
import { LINK_ACTOR } from '#lib/domain/access/actor.ts';
import { BusinessScope } from '#lib/domain/access/scope.ts';
import { unusableLink } from '#lib/domain/refusals.ts';
import {
  isGenuine,
  readToken,
  type UnprovenToken,
  type Withdrawable,
} from '#lib/privacy/unsubscribe-token.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { effectOf } from '#lib/store/database/unit-of-work.ts';
import { keyringAtRest, keysOf } from '#lib/store/keys/request-keys.ts';
import { withSecretsReady } from '#lib/store/keys/secrets-ready.ts';
import { toHttpAnswer } from './answer/answer.ts';
import { beforeDeadline } from './limits/before-deadline.ts';
import { withinLinkLimit } from './limits/link-limiter.ts';
import { pipeline } from './pipeline.ts';
import type { HttpEvent, Invocation } from './request/http-event.ts';
import { parseRequest } from './request/parse.ts';
import { settled } from './serve.ts';

type OfLinks = Route & Required<Pick<Route, 'purpose' | 'query'>> & { permission?: never };

/** What the link of a request takes back, under a scope of the business that the token names. */
type Steps<C extends OfLinks> = (link: Withdrawable, scope: BusinessScope) => Promise<AnswerOf<C>>;

/**
 * The Lambda handler of the route behind the links in messages (RFC 8058). It has no caller: a token that the business signed
 * says for which customer it may act, and for what. Other parameters and the body are not read. A token that is not genuine
 * reaches neither the database nor any limit.
 */
export const serveUnsubscribe = <C extends OfLinks>(contract: C, useCase: Steps<C>) =>
  pipeline(contract, async (event, invocation) => {
    const token = tokenIn(contract, event);
    const call = callOf(invocation);
    return await beforeDeadline(call.deadline, async () => {
      const { claims } = await prove(token);
      await withinLinkLimit({ token, ...call });
      const scope = new BusinessScope({
        businessId: claims.businessId,
        actorId: LINK_ACTOR,
        role: 'SERVICE',
        mayDelete: false,
        purpose: contract.purpose,
        ...call,
      });
      const steps = async (attempted: BusinessScope) => {
        const answer = toHttpAnswer(contract, await useCase(claims, attempted));
        return { answer, effect: effectOf(attempted), isRecorded: false };
      };
      // Without its headers, it names no key under which an answer would be kept: repeating it changes nothing.
      const asked = { contract, event: { ...event, headers: {} }, scope, admitted: () => Promise.resolve() };
      const { answer } = await withSecretsReady(scope, () => settled({ ...asked, steps }));
      return answer;
    });
  });

const callOf = ({ requestId, getRemainingTimeInMillis }: Invocation) => ({
  requestId,
  deadline: deadlineFrom(getRemainingTimeInMillis()),
});

/** Mail programs and trackers add parameters to links, so the others are ignored. */
const tokenIn = (contract: OfLinks, event: HttpEvent): string => {
  const { token } = event.queryStringParameters ?? {};
  const { query } = parseRequest(contract, {
    ...event,
    queryStringParameters: token === undefined ? {} : { token },
  });
  if (typeof query === 'object' && query !== null && 'token' in query && typeof query.token === 'string')
    return query.token;
  throw unusableLink();
};

/** @throws Refusal `invalid-request` for a token that is forged, cut, or of another business than it says */
const prove = async (text: string): Promise<UnprovenToken> => {
  const token = readToken(text);
  if (token === null) throw unusableLink();
  try {
    if (!isGenuine(await keysOf({ businessId: token.claims.businessId }), token)) throw unusableLink();
    return token;
  } finally {
    await keyringAtRest();
  }
};
