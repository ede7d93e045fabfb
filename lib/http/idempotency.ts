import * as z from 'zod';
import type { Route } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { findAnswer, recordAnswer, type Repeatable } from '#lib/store/idempotency.ts';
import type { HttpAnswer } from './answer.ts';
import type { HttpEvent } from './http-event.ts';
import { bodyText } from './parse.ts';

const LONGEST_KEY = 255;

const RecordedAnswer = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/**
 * What makes a POST repeatable: the caller's key and everything it was sent with; null without a key.
 * @throws Refusal `invalid-request` when the key is too long
 */
export const repeatableOf = (contract: Route, event: HttpEvent): Repeatable | null => {
  const key = event.headers['idempotency-key'];
  if (contract.method !== 'POST' || key === undefined || key === '') return null;
  if (key.length > LONGEST_KEY) {
    throw new Refusal(
      'invalid-request',
      `Idempotency-Key may have ${String(LONGEST_KEY)} characters at most.`,
      {
        violations: [
          {
            in: 'header',
            pointer: '#/idempotency-key',
            error: 'too-big',
            message: 'Send a shorter key, as a UUID.',
          },
        ],
      },
    );
  }
  // A body that the route does not read is no part of what it is asked.
  const body = contract.body === undefined ? '' : bodyText(event, contract.bodyLimitBytes);
  const payload = JSON.stringify([event.rawPath, event.rawQueryString, body]);
  return { route: contract.name, key, payload };
};

/** The first answer to the same request, byte for byte; null when there was none. */
export const recallAnswer = async (
  repeatable: Repeatable,
  scope: BusinessScope,
): Promise<HttpAnswer | null> => {
  const recorded = await findAnswer(repeatable, scope);
  if (recorded === null) return null;
  const { headers, ...answer } = RecordedAnswer.parse(JSON.parse(recorded));
  return { ...answer, headers: { ...headers, 'idempotent-replayed': 'true' } };
};

/** Stages the record of an answer, to be saved with the change it reports. */
export const rememberAnswer = (
  repeatable: Repeatable,
  { statusCode, headers, body }: HttpAnswer,
  scope: BusinessScope,
): Promise<void> => recordAnswer(repeatable, JSON.stringify({ statusCode, headers, body }), scope);
