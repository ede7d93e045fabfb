import * as z from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { wingOf } from '#functions/contracts.ts';
import { DEEPEST_LEVEL, mostMembers } from '#lib/contract/json-limits.ts';
import type { Route } from '#lib/contract/route.ts';
import { answersOf, problemsOf } from './answers.ts';
import { bodyExamples, withExamples } from './examples.ts';

const TenantHeader = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/)
  .meta({
    description: 'The business that the request is for. The token must name it.',
    // The business of `npm start`.
    example: '64c0ffee64c0ffee64c0ffee',
  });
const IfMatch = z
  .string()
  .meta({ description: 'The ETag of the version that you are changing; `*` for any.' });
const IdempotencyKey = z.string().max(255).meta({
  description:
    'For safe retries: the same key with the same request returns the first answer again, for 24 hours.',
});

/** A route as an operation of the document. */
export const operationOf = (route: Route): ZodOpenApiOperationObject => ({
  operationId: route.name,
  summary: route.summary,
  tags: [wingOf(route.name)],
  security: route.permission === undefined ? [] : [{ bearer: [] }],
  description: descriptionOf(route),
  requestParams: {
    ...(route.params instanceof z.ZodObject && { path: withExamples(route.params, 'path', route) }),
    ...(route.query instanceof z.ZodObject && { query: withExamples(route.query, 'query', route) }),
    header: withExamples(headersOf(route), 'headers', route),
  },
  ...(route.body !== undefined && {
    requestBody: { required: true, description: limitsOf(route), content: bodyOf(route, route.body) },
  }),
  responses: { ...answersOf(route), ...problemsOf(route) },
});

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

const bodyOf = (route: Route, schema: z.ZodType) => {
  const content = { schema, ...bodyExamples(route) };
  return {
    'application/json': content,
    ...(route.method === 'PATCH' && { 'application/merge-patch+json': content }),
  };
};
