import type { RefusalCode, RefusalDetails } from '#lib/domain/errors.ts';
import type { Problem } from './problem-body.ts';

/** Every code that an error answer can have. */
export type ProblemCode = RefusalCode | 'database-unavailable' | 'internal-error';

/**
 * The HTTP status and the title of each code. Nothing else maps codes to statuses. A 400 makes the business panel drop the
 * edit, so only what can never become right has that status: the shape of a request and the rules of its fields. What a
 * change elsewhere can make right, for example a duplicate, is 409.
 */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  'unknown-field': { status: 400, title: 'Unknown field' },
  'unknown-parameter': { status: 400, title: 'Unknown parameter' },
  'malformed-json': { status: 400, title: 'Malformed JSON' },
  'business-required': { status: 400, title: 'Business required' },
  'duplicate-email': { status: 409, title: 'Duplicate email' },
  'duplicate-phone': { status: 409, title: 'Duplicate phone' },
  'id-taken': { status: 400, title: 'Id taken' },
  'page-too-large': { status: 400, title: 'Page too large' },
  'not-permitted': { status: 403, title: 'Not permitted' },
  'not-a-member': { status: 403, title: 'Not a member' },
  'unusable-subject': { status: 403, title: 'Unusable subject' },
  'customer-not-found': { status: 404, title: 'Customer not found' },
  'segment-not-found': { status: 404, title: 'Segment not found' },
  'name-taken': { status: 409, title: 'Name taken' },
  'too-many-segments': { status: 409, title: 'Too many segments' },
  'illegal-transition': { status: 409, title: 'Illegal transition' },
  'merged-into': { status: 409, title: 'Merged into another customer' },
  suppressed: { status: 409, title: 'Suppressed' },
  'legal-hold': { status: 409, title: 'Legal hold' },
  'in-archive': { status: 409, title: 'In the archive' },
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
 * Builds the body of an error answer.
 * @param about.instance names this occurrence by the id of the request
 */
export const toProblem = (
  code: ProblemCode,
  about: { detail: string; instance: string; details?: RefusalDetails },
): Problem => {
  const { status, title } = PROBLEMS[code];
  const { violations = [], existing, survivorId, fittingPageSize } = about.details ?? {};
  return {
    type: `urn:problem:customer-management:${code}`,
    title,
    status,
    detail: about.detail,
    instance: about.instance,
    statusCode: status,
    error: title,
    message: about.detail,
    code,
    ...(violations.length > 0 && {
      errors: violations.map((violation) => ({ ...violation, detail: violation.message })),
    }),
    ...(existing !== undefined && { existing }),
    ...(survivorId !== undefined && { survivorId }),
    ...(fittingPageSize !== undefined && { fittingPageSize }),
  };
};
