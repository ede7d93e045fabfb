import { type ProblemCode, PROBLEMS, toProblem } from '#lib/contract/problem.ts';
import type { Route } from '#lib/contract/route.ts';
import { Refusal, type RefusalDetails, Unavailable } from '#lib/domain/errors.ts';
import { describeError, logDefect, logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import type { HttpAnswer } from './answer.ts';

type Finding = Readonly<{ code: ProblemCode; detail: string; details: RefusalDetails }>;

/** What an error means to the caller: the three families of errors, each with its answer. */
const findingOf = (error: unknown): Finding => {
  if (error instanceof Refusal) return { code: error.code, detail: error.message, details: error.details };
  if (error instanceof Unavailable) {
    logEvent('database-unavailable', describeError(error));
    const { retryAfterSeconds } = error;
    return { code: 'database-unavailable', detail: error.message, details: { retryAfterSeconds } };
  }
  logDefect(error);
  count('DefectMet');
  return {
    code: 'internal-error',
    detail: 'Something is wrong on our side. It has been reported.',
    details: {},
  };
};

/** The status that a route answers a code with: the code's own unless its contract says another. */
export const statusOf = (route: Route, code: ProblemCode): number =>
  route.statusOf?.[code] ?? PROBLEMS[code].status;

/** The error answer for both readers, with the headers its code promises. */
export const toProblemAnswer = (
  error: unknown,
  route: Route,
  requestId: string,
): HttpAnswer & { code: string } => {
  const { code, detail, details } = findingOf(error);
  const statusCode = statusOf(route, code);
  const { retryAfterSeconds, rateLimit, currentVersion } = details;
  return {
    code,
    statusCode,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(rateLimit !== undefined && {
        'ratelimit-limit': String(rateLimit.limit),
        'ratelimit-remaining': '0',
        'ratelimit-reset': String(rateLimit.resetSeconds),
      }),
      ...(currentVersion !== undefined && { etag: `"${currentVersion}"` }),
    },
    body: JSON.stringify(
      toProblem(code, { status: statusCode, detail, instance: `urn:request:${requestId}`, details }),
    ),
  };
};
