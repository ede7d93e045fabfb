import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Route } from '#lib/contract/route.ts';
import type { Role } from '#lib/domain/access/scope.ts';
import { refuseTooLarge } from './answer-size.ts';
import { asSeenBy } from './role-view.ts';

/** A finished answer: everything that the gateway sends. */
export type HttpAnswer = Readonly<{
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

/** An answer of success, with the values behind its body, which are not sent. */
export type Success = HttpAnswer &
  Readonly<{
    /** What the caller's role sees: the value of the body. */
    said: unknown;
    /** The same before the role's view. It is what is recorded for a repeated request. */
    unmasked: unknown;
  }>;

/**
 * Turns the answer of a use case into what is sent. The contract's schema parses the body, so only declared fields are
 * sent, and fields that the role may not see are masked. ETag and Location come from the body.
 * @param reader the caller's role; undefined on a public route
 * @throws Refusal `page-too-large`
 */
export const toHttpAnswer = (
  contract: Route,
  answer: { status: 200 | 201 | 202; body: unknown },
  reader?: Role,
): Success => {
  const schema = contract.answers[answer.status];
  if (schema === undefined)
    throw new Error(`${contract.name} answered ${String(answer.status)}, which its contract does not list.`);
  const parsed = schema.parse(answer.body);
  const body = reader === undefined ? parsed : asSeenBy(reader, parsed);
  const text = JSON.stringify(body);
  refuseTooLarge(body, text);
  return {
    statusCode: answer.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...headersOf(contract, answer.status, body),
    },
    body: text,
    said: body,
    unmasked: parsed,
  };
};

const headersOf = (contract: Route, status: number, body: unknown): Record<string, string> => {
  if (typeof body !== 'object' || body === null) return {};
  return {
    ...('_version' in body && { etag: `"${String(body._version)}"` }),
    ...(status === 201 && '_id' in body && { location: `${contract.path}/${String(body._id)}` }),
  };
};

/**
 * The headers of every answer. Personal data must not be cached, and browsers must not guess another content type.
 */
export const PROTECTIVE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/** The answer in the form that the gateway expects, with the id of this request, also when the answer is an earlier one. */
export const toResult = (
  { statusCode, headers, body }: HttpAnswer,
  requestId: string,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { ...PROTECTIVE_HEADERS, ...headers, 'x-request-id': requestId },
  body,
});
