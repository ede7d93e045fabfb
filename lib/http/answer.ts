import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Route } from '#lib/contract/route.ts';
import type { Role } from '#lib/domain/actor.ts';
import { refuseTooLarge } from './answer-size.ts';
import { asSeenBy } from './role-view.ts';

/** A finished answer: everything the gateway sends. */
export type HttpAnswer = Readonly<{
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What the body was written from; undefined of one that was written long ago. It does not leave. */
  said?: unknown;
}>;

/** What an answer says: what its body was written from, or what is read in it. */
export const saidIn = ({ said, body }: HttpAnswer): unknown => said ?? JSON.parse(body);

/**
 * Turns a use case's answer into what is sent: the body parsed by the contract's schema, so that only declared
 * fields leave, as much of them as the reader's role may see; ETag and Location from what it names.
 * @param reader the caller's role; undefined where anybody may read
 * @throws Refusal `page-too-large`
 */
export const toHttpAnswer = (
  contract: Route,
  answer: { status: 200 | 201; body: unknown },
  reader?: Role,
): HttpAnswer => {
  const schema = contract.answers[answer.status];
  if (schema === undefined)
    throw new Error(`${contract.name} answered ${String(answer.status)}, not in its contract.`);
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
  };
};

const headersOf = (contract: Route, status: number, body: unknown): Record<string, string> => {
  if (typeof body !== 'object' || body === null) return {};
  return {
    ...('_version' in body && { etag: `"${String(body._version)}"` }),
    ...(status === 201 && '_id' in body && { location: `${contract.path}/${String(body._id)}` }),
  };
};

/** What every answer of ours carries: personal data is never cached and never guessed to be something else. */
export const PROTECTIVE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/** The form the gateway takes. */
export const toResult = ({ statusCode, headers, body }: HttpAnswer): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { ...PROTECTIVE_HEADERS, ...headers },
  body,
});
