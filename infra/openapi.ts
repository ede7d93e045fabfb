import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type ProblemCode, PROBLEMS } from '#lib/contract/problem.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import type { Contract, Route } from '#lib/contract/route.ts';

const TenantHeader = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/)
  .meta({
    description: 'The business to act in, one of those in the token.',
    example: '5f1d7f1d7f1d7f1d7f1d7f1d',
  });
const IfMatch = z.string().meta({ description: 'The ETag of the version that is being changed.' });
const IdempotencyKey = z
  .string()
  .max(255)
  .meta({ description: 'Send the same key again to hear the first answer again, for 24 hours.' });

const GatewayMessage = z.object({ message: z.string() });

/** The whole HTTP contract as OpenAPI 3.1, made from the contracts and nothing else. */
export const openApiDocument = (contracts: readonly Contract[]) =>
  createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Customer Management',
      version: '1.0.0',
      description: 'The customers of many businesses, each business apart from all others.',
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
  ...(route.permission !== undefined && { description: `Needs the permission \`${route.permission}\`.` }),
  requestParams: {
    ...(route.params instanceof z.ZodObject && { path: route.params }),
    ...(route.query instanceof z.ZodObject && { query: route.query }),
    header: headersOf(route),
  },
  ...(route.body !== undefined && { requestBody: { required: true, content: bodyOf(route, route.body) } }),
  responses: { ...answersOf(route), ...problemsOf(route) },
});

const headersOf = ({ method, permission, precondition }: Route) =>
  z.object({
    ...(permission !== undefined && { 'x-business-tenant-id': TenantHeader }),
    ...(precondition === 'required' && { 'if-match': IfMatch }),
    ...(precondition === 'optional' && { 'if-match': IfMatch.optional() }),
    ...(method === 'POST' && { 'idempotency-key': IdempotencyKey.optional() }),
  });

const bodyOf = ({ method }: Route, schema: z.ZodType) => ({
  'application/json': { schema },
  ...(method === 'PATCH' && { 'application/merge-patch+json': { schema } }),
});

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

const answersOf = ({ method, answers }: Route) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: status === '201' ? 'Created' : 'Done',
        content: { 'application/json': { schema } },
        headers: {
          ...(schema instanceof z.ZodObject && '_version' in schema.shape && { etag: text('The version.') }),
          ...(status === '201' && { location: text('Where the new one is.') }),
          ...(method === 'POST' && {
            'idempotent-replayed': text('`true` when this is the first answer again.'),
          }),
        },
      },
    ]),
  );

const RATE_LIMIT_HEADERS = {
  'ratelimit-limit': text('Requests that the business may send at once.'),
  'ratelimit-remaining': text('How many of them are left: `0`.'),
  'ratelimit-reset': text('Seconds until all of them are there again, if none is sent.'),
};

/** What is worth sending again as it is. */
const RETRIED: readonly ProblemCode[] = ['request-in-progress', 'rate-limited', 'database-unavailable'];

const problemsOf = (route: Route) => {
  const codesOf = new Map<number, ProblemCode[]>();
  for (const code of route.problems) {
    const status = route.statusOf?.[code] ?? PROBLEMS[code].status;
    codesOf.set(status, [...(codesOf.get(status) ?? []), code]);
  }
  return {
    ...Object.fromEntries(
      [...codesOf].map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\``).join(', '),
          headers: {
            ...(codes.some((code) => RETRIED.includes(code)) && { 'retry-after': text('Seconds to wait.') }),
            ...(codes.includes('rate-limited') && RATE_LIMIT_HEADERS),
            ...(codes.includes('stale-version') && { etag: text('The version that is there now.') }),
          },
          content: { 'application/problem+json': { schema: Problem } },
        },
      ]),
    ),
    ...(route.permission !== undefined && {
      '401': {
        description: 'No valid token (the gateway’s own answer).',
        content: { 'application/json': { schema: GatewayMessage } },
      },
    }),
  };
};
