import * as z from 'zod';
import type { Route } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { commit } from '#lib/store/database/unit-of-work.ts';
import {
  findAnswer,
  forgetIfErased,
  recordAnswer,
  type Repeatable,
} from '#lib/store/messages/recorded-answers.ts';
import type { Success } from './answer.ts';
import { shownIn } from './shown.ts';
import { asSeenBy } from './role-view.ts';
import type { HttpEvent } from '#lib/serve/request/http-event.ts';
import { bodyText } from '#lib/serve/request/parse.ts';
import { beforeDeadline } from '#lib/serve/limits/before-deadline.ts';

const LONGEST_KEY = 255;

const RecordedAnswer = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/**
 * The idempotency key of a POST, with everything that was sent with it; null without a key.
 * @throws Refusal `invalid-request` when the key is too long
 */
export const repeatableOf = (contract: Route, event: HttpEvent): Repeatable | null => {
  const key = event.headers['idempotency-key'];
  if (contract.method !== 'POST' || key === undefined || key === '') return null;
  if (key.length > LONGEST_KEY) {
    throw new Refusal(
      'invalid-request',
      `The header Idempotency-Key may have at most ${String(LONGEST_KEY)} characters.`,
      {
        violations: [
          {
            in: 'header',
            pointer: '#/idempotency-key',
            error: 'too-big',
            message: 'Send a shorter key, for example a UUID.',
          },
        ],
      },
    );
  }
  // A body that the route does not read is not part of the request.
  const body = contract.body === undefined ? '' : bodyText(event, contract.bodyLimitBytes);
  const payload = JSON.stringify([event.rawPath, event.rawQueryString, body]);
  return { route: contract.name, key, payload };
};

/**
 * The recorded answer to the same request; null when there is none. A caller who may see all of it gets it byte for byte. Others get what
 * their role sees now, whatever it was when the answer was recorded.
 */
export const recallAnswer = async (repeatable: Repeatable, scope: BusinessScope): Promise<Success | null> => {
  const recorded = await findAnswer(repeatable, scope);
  if (recorded === null) return null;
  const { statusCode, headers, body } = RecordedAnswer.parse(JSON.parse(recorded));
  const unmasked: unknown = JSON.parse(body);
  const said = asSeenBy(scope.role, unmasked);
  return {
    statusCode,
    headers: { ...headers, 'idempotent-replayed': 'true' },
    body: said === unmasked ? body : JSON.stringify(said),
    said,
    unmasked,
  };
};

/**
 * Stages the record of an answer, as a role that sees everything would get it. It is saved in the same transaction as the change that it
 * reports.
 */
export const rememberAnswer = (
  repeatable: Repeatable,
  { statusCode, headers, unmasked }: Success,
  scope: BusinessScope,
): Promise<void> => {
  const body = JSON.stringify(unmasked);
  const answer = JSON.stringify({ statusCode, headers, body });
  return recordAnswer(repeatable, { answer, customerIds: shownIn(unmasked).customers }, scope);
};

/** An answer to a bulk is sent at least this long before its deadline, recorded or not. */
const TIME_TO_ANSWER_MS = 100;

/**
 * Records the answer to a bulk, if the database does so in time. Its operations are written by now, so no failure here may take their
 * results from the caller. Each of them has a recorded answer of its own: the same bulk again does nothing twice. So an answer that
 * shows a customer who was erased since its operation is not kept.
 * @returns the answer, or that of the same bulk if it was recorded first
 */
export const recordIfPossible = async (
  repeatable: Repeatable | null,
  answer: Success,
  scope: BusinessScope,
): Promise<Success> => {
  if (repeatable === null) return answer;
  const until = scope.deadline - TIME_TO_ANSWER_MS;
  const record = async (): Promise<Success> => {
    try {
      await rememberAnswer(repeatable, answer, scope);
      await commit(scope);
      await forgetIfErased(repeatable, shownIn(answer.unmasked).customers, scope);
      return answer;
    } catch (error) {
      const isBehind = error instanceof Refusal || error instanceof Conflict;
      const first = isBehind ? await recallAnswer(repeatable, scope) : null;
      if (first !== null) return first;
      if (error instanceof Conflict && Date.now() < until) return await record();
      throw error;
    }
  };
  try {
    return await beforeDeadline(until, record);
  } catch (error) {
    logEvent('answer-not-recorded', describeError(error));
    return answer;
  }
};
