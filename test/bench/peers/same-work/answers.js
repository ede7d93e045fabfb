import { PROBLEMS, toProblem } from '../../../../lib/contract/problem.ts';
import { Refusal } from '../../../../lib/domain/errors.ts';
import { hiddenFrom } from '../../../../lib/domain/access/hidden-fields.ts';
import { maskEmail, maskNote, maskPhone } from '../../../../lib/domain/access/masking.ts';

/** What helmet would set, as far as it matters to JSON. */
export const PROTECTIVE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/** ETag and Location of one customer. */
export const headersOf = ({ _id, _version }, status = 200) => ({
  etag: `"${_version}"`,
  ...(status === 201 && { location: `/api/v1/customer/${_id}` }),
});

const MASKS = { email: maskEmail, phone: maskPhone, note: maskNote };

/** As much of a customer as a role may see. */
export const seenBy = (role, dto) => {
  const hidden = hiddenFrom(role).filter((field) => dto[field] !== null);
  return hidden.length === 0
    ? dto
    : { ...dto, ...Object.fromEntries(hidden.map((field) => [field, MASKS[field](dto[field])])) };
};

/** The unique index that refused a write, by the driver's message. */
const duplicateIn = (error) => {
  const errors = [error, ...(error.writeErrors?.values() ?? [])];
  return errors.find(({ code }) => code === 11_000)?.message;
};

const isInvalid = ({ name, statusCode }) => name === 'ZodError' || statusCode === 400;

const codeOf = (error) => {
  if (error instanceof Refusal) return error.code;
  if (isInvalid(error)) return 'invalid-request';
  const duplicate = duplicateIn(error);
  if (duplicate === undefined) return 'internal-error';
  if (duplicate.includes('owner_email_unique')) return 'duplicate-email';
  if (duplicate.includes('owner_phone_unique')) return 'duplicate-phone';
  return duplicate.includes('.idempotency ') ? 'request-in-progress' : 'id-taken';
};

/** What an error comes to: its code, its status and the body of RFC 9457. */
export const problemOf = (error, requestId) => {
  const code = codeOf(error);
  if (code === 'internal-error') console.error(error);
  const { status, title } = PROBLEMS[code];
  const [detail, details] = error instanceof Refusal ? [error.message, error.details] : [title, {}];
  return {
    code,
    status,
    body: toProblem(code, { status, detail, instance: `urn:request:${requestId}`, details }),
  };
};
