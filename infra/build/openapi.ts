import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { DEEPEST_LEVEL, mostMembers } from '#lib/contract/json-limits.ts';
import { type ProblemCode, PROBLEMS } from '#lib/contract/problem.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import type { Contract } from '#lib/contract/contract.ts';
import type { Route } from '#lib/contract/route.ts';

const TenantHeader = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/)
  .meta({
    description: 'The business that the request is for. The token must name it.',
    example: '5f1d7f1d7f1d7f1d7f1d7f1d',
  });
const IfMatch = z.string().meta({ description: 'The ETag of the version that you are changing.' });
const IdempotencyKey = z.string().max(255).meta({
  description:
    'For safe retries: the same key with the same request returns the first answer again, for 24 hours.',
});

const GatewayMessage = z.object({ message: z.string() });

/** The whole HTTP contract as OpenAPI 3.1, generated only from the contracts. */
export const openApiDocument = (contracts: readonly Contract[]) =>
  createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Customer Management',
      version: '1.0.0',
      description:
        'Customers of many businesses. Each business sees only its own customers. An empty query parameter counts as ' +
        'absent. A query parameter that a route does not have is 400 `unknown-parameter`; `X-Business-Tenant-Id`, ' +
        '`members`, `statuses` and `services`, also with `[]`, are ignored everywhere.',
    },
    servers: [{ url: '/' }],
    tags: [{ name: 'customer' }],
    paths: pathsOf(contracts.filter((contract) => contract.kind === 'route')),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });

const pathsOf = (routes: readonly Route[]): ZodOpenApiPathsObject => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
};

const operationOf = (route: Route): ZodOpenApiOperationObject => ({
  operationId: route.name,
  summary: route.summary,
  tags: ['customer'],
  security: route.permission === undefined ? [] : [{ bearer: [] }],
  description: descriptionOf(route),
  requestParams: {
    ...(route.params instanceof z.ZodObject && { path: route.params }),
    ...(route.query instanceof z.ZodObject && { query: route.query }),
    header: headersOf(route),
  },
  ...(route.body !== undefined && {
    requestBody: { required: true, description: limitsOf(route), content: bodyOf(route, route.body) },
  }),
  responses: { ...answersOf(route), ...problemsOf(route) },
});

const SUCCESSES: Readonly<Record<string, string>> = {
  201: 'Created.',
  202: 'Begun. The work goes on after the answer.',
};

const PULLS =
  'Its requests do not count in the limit of the business. They have a limit of their own, ten times as large.';
const READ_AGAIN = 'If the database fails, the service reads again until the time for the request is over.';

const descriptionOf = ({ permission, openBecause, bucket, readsAgain }: Route): string =>
  [
    openBecause ?? `Requires the permission \`${String(permission)}\`.`,
    ...(bucket === 'pull' ? [PULLS] : []),
    ...(readsAgain === true ? [READ_AGAIN] : []),
  ].join(' ');

const headersOf = ({ method, permission, precondition }: Route) =>
  z.object({
    ...(permission !== undefined && { 'x-business-tenant-id': TenantHeader }),
    ...(precondition === 'required' && { 'if-match': IfMatch }),
    ...(precondition === 'optional' && { 'if-match': IfMatch.optional() }),
    ...(method === 'POST' && permission !== undefined && { 'idempotency-key': IdempotencyKey.optional() }),
  });

/** The limits that a schema cannot say. */
const limitsOf = ({ bodyLimitBytes }: Route): string =>
  `At most ${String(bodyLimitBytes / 1024)} KiB, nested at most ${String(DEEPEST_LEVEL)} levels deep, with at most ` +
  `${String(mostMembers(bodyLimitBytes))} fields and list entries in all.`;

const bodyOf = ({ method }: Route, schema: z.ZodType) => ({
  'application/json': { schema },
  ...(method === 'PATCH' && { 'application/merge-patch+json': { schema } }),
});

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

/** Every answer of a function has it. */
const REQUEST_ID = {
  'x-request-id': text(
    'The id of this request. Name it when you ask about the answer: every log line has it.',
  ),
};

const answersOf = ({ method, permission, answers }: Route) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: SUCCESSES[status] ?? 'Done.',
        content: { 'application/json': { schema } },
        headers: {
          ...REQUEST_ID,
          ...(schema instanceof z.ZodObject &&
            '_version' in schema.shape && { etag: text('The current version, to send as `If-Match`.') }),
          ...(status === '201' && { location: text('The path of what was created.') }),
          ...(method === 'POST' &&
            permission !== undefined && {
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

const problemsOf = (route: Route) => {
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
