import type { RefusalCode, RefusalDetails } from '#lib/domain/errors.ts';
import type { Problem } from './problem-body.ts';

/** Every code an error of ours can carry. */
export type ProblemCode = RefusalCode | 'database-unavailable' | 'internal-error';

/** The only place where a code meets its HTTP status. */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  'unknown-field': { status: 400, title: 'Unknown field' },
  'malformed-json': { status: 400, title: 'Malformed JSON' },
  'business-required': { status: 400, title: 'Business required' },
  'duplicate-email': { status: 400, title: 'Duplicate email' },
  'duplicate-phone': { status: 400, title: 'Duplicate phone' },
  'id-taken': { status: 400, title: 'Id taken' },
  'page-too-large': { status: 400, title: 'Page too large' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'not-a-member': { status: 403, title: 'Not a member' },
  'customer-not-found': { status: 404, title: 'Customer not found' },
  'illegal-transition': { status: 409, title: 'Illegal transition' },
  'legal-hold': { status: 409, title: 'Legal hold' },
  'request-in-progress': { status: 409, title: 'Request in progress' },
  'stale-version': { status: 412, title: 'Stale version' },
  'version-required': { status: 428, title: 'Version required' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  'rate-limited': { status: 429, title: 'Rate limited' },
  'database-unavailable': { status: 503, title: 'Database unavailable' },
  'internal-error': { status: 500, title: 'Internal error' },
};

/**
 * Builds an error's body.
 * @param status the status that is sent: the code's own unless the route answers it differently
 * @param instance what names this occurrence: the request's id
 */
export const toProblem = (
  code: ProblemCode,
  about: { status: number; detail: string; instance: string; details?: RefusalDetails },
): Problem => {
  const { title } = PROBLEMS[code];
  const { violations = [], existing, fittingPageSize } = about.details ?? {};
  return {
    type: `urn:problem:customer-management:${code}`,
    title,
    status: about.status,
    detail: about.detail,
    instance: about.instance,
    statusCode: about.status,
    error: title,
    message: about.detail,
    code,
    ...(violations.length > 0 && {
      errors: violations.map((violation) => ({ ...violation, detail: violation.message })),
    }),
    ...(existing !== undefined && { existing }),
    ...(fittingPageSize !== undefined && { fittingPageSize }),
  };
};
