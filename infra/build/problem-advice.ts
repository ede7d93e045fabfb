import type { ProblemCode } from '#lib/contract/problem.ts';

/**
 * What each code means and what a caller does about it, for the guide on errors. It is no part of lib/contract/problem.ts,
 * because that file is in every bundle.
 */
export const PROBLEM_ADVICE: Readonly<Record<ProblemCode, { means: string; do: string }>> = {
  'invalid-request': {
    means: 'A part of the request breaks a rule.',
    do: 'Correct the fields that `errors` names. The same request can never succeed.',
  },
  'unknown-field': {
    means: 'The body has a field that this operation does not have.',
    do: 'Remove or rename it. `errors` names it, and the name that was probably meant.',
  },
  'unknown-parameter': {
    means: 'The query has a parameter that this operation does not have.',
    do: 'Remove or rename it, as above.',
  },
  'malformed-json': { means: 'The body is not JSON.', do: 'Send valid JSON in UTF-8.' },
  'business-required': {
    means: 'The header `x-business-tenant-id` is missing or is not an id.',
    do: 'Send the id of the business: 24 hexadecimal digits.',
  },
  'id-taken': {
    means: 'This `_id` is in use or was used before, here or in another business.',
    do: 'Make a new id and send the customer again.',
  },
  'page-too-large': {
    means: 'The answer would be larger than 5 MiB.',
    do: 'Ask again with the number in `fittingPageSize`.',
  },
  'not-permitted': {
    means: 'The role of the caller may not do this.',
    do: 'Use a role that has the permission. The table of roles says which.',
  },
  'not-a-member': {
    means: 'The token does not name this business.',
    do: 'Get a token that names it, or send the id of another business.',
  },
  'unusable-subject': {
    means: 'The `sub` of the token cannot be recorded as the caller.',
    do: 'Ask the issuer for a `sub` of 1 to 255 ASCII characters without spaces.',
  },
  'customer-not-found': {
    means: 'This business has no such customer.',
    do: 'Check the id. A customer of another business is answered the same.',
  },
  'segment-not-found': {
    means: 'This business has no such segment.',
    do: 'List the segments and take an id from there.',
  },
  'duplicate-email': {
    means: 'Another live customer has this email.',
    do: 'Open the customer in `existing`, or use another email.',
  },
  'duplicate-phone': {
    means: 'Another live customer has this phone.',
    do: 'Open the customer in `existing`, or use another phone.',
  },
  'name-taken': {
    means: 'Another segment has this name.',
    do: 'Choose another name, or change that segment.',
  },
  'too-many-segments': {
    means: 'The business has as many segments as it may have.',
    do: 'Delete a segment first.',
  },
  'illegal-transition': {
    means: 'The customer cannot do this from its present state.',
    do: 'Read the customer. `message` says what to do first, for example to restore it.',
  },
  'merged-into': {
    means: 'The customer was merged into another one.',
    do: 'Change the customer in `survivorId`, or undo the merge.',
  },
  suppressed: {
    means: 'This email or phone has refused such messages, and the grant is not newer.',
    do: 'Ask the person again, and send in `givenAt` when they agreed.',
  },
  'legal-hold': {
    means: 'The customer must be kept for a court or an authority.',
    do: 'Wait until the hold is released.',
  },
  'in-archive': {
    means: 'A part of the customer is in the archive.',
    do: 'Recall the customer, and try again when it is back.',
  },
  'request-in-progress': {
    means: 'The same request is still being processed.',
    do: 'Send it again after the seconds in `Retry-After`.',
  },
  'stale-version': {
    means: 'The customer has changed since you read it.',
    do: 'Read it again, and repeat your change with the new `ETag`.',
  },
  'version-required': {
    means: 'The header `If-Match` is missing.',
    do: 'Send the `ETag` of the version that you are changing.',
  },
  'body-too-large': {
    means: 'The body is larger than this operation takes.',
    do: 'Send less at once. The operation says its limit.',
  },
  'unsupported-media-type': {
    means: 'The body has another content type.',
    do: 'Send `Content-Type: application/json`.',
  },
  'idempotency-key-reused': {
    means: 'This key was sent before with another request.',
    do: 'Make a new key for each new request.',
  },
  'rate-limited': {
    means: 'The business, or the caller, has used up a limit.',
    do: 'Wait for the seconds in `Retry-After`.',
  },
  'internal-error': {
    means: 'A fault of the service.',
    do: 'Try again later. Tell the operator the `x-request-id` if it stays.',
  },
  'database-unavailable': {
    means: 'The database did not answer in time.',
    do: 'Send the same request again after the seconds in `Retry-After`. Use an `Idempotency-Key` with a POST.',
  },
};
