import type { Problem } from '#lib/contract/problem-body.ts';
import { type ProblemCode, PROBLEMS, toProblem } from '#lib/contract/problem.ts';
import { Refusal, type RefusalDetails, Unavailable } from '#lib/domain/errors.ts';
import { describeError, logDefect, logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { detailOf } from '#lib/serve/request/violation-messages.ts';
import type { HttpAnswer } from './answer.ts';

type Finding = Readonly<{ code: ProblemCode; detail: string; details: RefusalDetails }>;

/** What the caller learns of an error. There are three kinds: refusals, unavailable systems and defects. */
const findingOf = (error: unknown): Finding => {
  if (error instanceof Refusal) return refused(error);
  if (error instanceof Unavailable) {
    logEvent('database-unavailable', describeError(error));
    const { retryAfterSeconds } = error;
    return { code: 'database-unavailable', detail: error.message, details: { retryAfterSeconds } };
  }
  logDefect(error);
  count('DefectMet');
  return {
    code: 'internal-error',
    detail: 'Something went wrong on our side. It has been reported.',
    details: {},
  };
};

/** The panel shows the detail and then each violation. A detail that has the same words as a violation gives way to a summary. */
const refused = ({ code, message, details }: Refusal): Finding => {
  const { violations = [] } = details;
  const isRepeated = violations.some((violation) => message.includes(violation.message));
  return { code, detail: isRepeated ? detailOf(violations) : message, details };
};

/** The error of one result among several, in the same words as an error answer. */
export const toResultError = (refusal: Refusal, requestId: string): Problem => {
  const { code, detail, details } = refused(refusal);
  return toProblem(code, { detail, instance: instanceOf(requestId), details });
};

const instanceOf = (requestId: string): string => `urn:request:${requestId}`;

/** The error answer, for RFC 9457 and for the business panel, with the headers that belong to its code. */
export const toProblemAnswer = (error: unknown, requestId: string): HttpAnswer & { code: string } => {
  const { code, detail, details } = findingOf(error);
  const { status: statusCode } = PROBLEMS[code];
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
    body: JSON.stringify(toProblem(code, { detail, instance: instanceOf(requestId), details })),
  };
};
