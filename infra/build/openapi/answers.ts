import * as z from 'zod';
import { type ProblemCode, PROBLEMS } from '#lib/contract/problem.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import type { Route } from '#lib/contract/route.ts';
import { answerExamples } from './examples.ts';

const GatewayMessage = z.object({ message: z.string() });

const SUCCESSES: Readonly<Record<string, string>> = {
  201: 'Created.',
  202: 'Begun. The work goes on after the answer.',
};

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

/** Every answer of a function has it. */
const REQUEST_ID = {
  'x-request-id': text(
    'The id of this request. Name it when you ask about the answer: every log line has it.',
  ),
};

/** What a route answers when all is well, by status. */
export const answersOf = (route: Route) =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: SUCCESSES[status] ?? 'Done.',
        content: { 'application/json': { schema, ...answerExamples(route, status) } },
        headers: {
          ...REQUEST_ID,
          ...(schema instanceof z.ZodObject &&
            '_version' in schema.shape && { etag: text('The current version, to send as `If-Match`.') }),
          ...(status === '201' && { location: text('The path of what was created.') }),
          ...(route.method === 'POST' &&
            route.permission !== undefined && {
              'idempotent-replayed': text('`true` if this is the first answer, sent again.'),
            }),
        },
      },
    ]),
  );

const RATE_LIMIT_HEADERS = {
  'ratelimit-limit': text(
    'How many requests the business may send at once, to the routes that share this limit. These three are absent if only the caller is over a limit.',
  ),
  'ratelimit-remaining': text('How many of them are left: `0`.'),
  'ratelimit-reset': text('Seconds until the full limit is available again, if no request is sent.'),
};

/** Problems after which the same request may succeed later. */
const RETRIED: readonly ProblemCode[] = ['request-in-progress', 'rate-limited', 'database-unavailable'];

/** The problems of a route, by status. */
export const problemsOf = (route: Route) => {
  const codesOf = new Map<number, ProblemCode[]>();
  for (const code of route.problems) {
    const { status } = PROBLEMS[code];
    codesOf.set(status, [...(codesOf.get(status) ?? []), code]);
  }
  return {
    ...Object.fromEntries(
      [...codesOf].map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\``).join(', '),
          headers: {
            ...REQUEST_ID,
            ...(codes.some((code) => RETRIED.includes(code)) && {
              'retry-after': text('Seconds to wait before trying again.'),
            }),
            ...(codes.includes('rate-limited') && RATE_LIMIT_HEADERS),
            ...(codes.includes('stale-version') && { etag: text('The current version.') }),
          },
          content: { 'application/problem+json': { schema: Problem } },
        },
      ]),
    ),
    ...(route.permission !== undefined && {
      '401': {
        description: 'The token is missing or not valid. The gateway gives this answer.',
        content: { 'application/json': { schema: GatewayMessage } },
      },
    }),
  };
};
