import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { openApiDocument } from '#infra/build/openapi.ts';
import { PROBLEMS } from '#lib/contract/problem.ts';
import type { Route } from '#lib/contract/route.ts';

type Operation = Readonly<Record<string, any>>;

const document: Readonly<Record<string, any>> = openApiDocument(contracts);
const routes = contracts.filter((contract) => contract.kind === 'route');
const operations: [string, Operation][] = Object.entries<Record<string, Operation>>(
  document['paths'],
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, Operation] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);
const operationOf = ({ method, path }: { method: string; path: string }): Operation =>
  operations.find(([door]) => door === `${method} ${path}`)![1];
const namesIn = (operation: Operation, place: string): string[] =>
  operation['parameters'].filter((parameter: any) => parameter.in === place).map(({ name }: any) => name);

/** Every value under a key of this name, however deep. */
const valuesOf = (key: string, value: unknown): unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
};

/** Whether its answers are kept for repeats: for a caller, so not where anyone may call. */
const isRepeatable = ({ method, permission }: Route): boolean =>
  method === 'POST' && permission !== undefined;

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1, one operation for each route of the contracts, by its name', () => {
    expect(document['openapi']).toBe('3.1.0');
    expect(operations.map(([door]) => door).sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const route of routes) expect(operationOf(route)['operationId']).toBe(route.name);
  });

  it('refers only to what it holds', () => {
    const references = new Set(valuesOf('$ref', document));
    expect(references.size).toBeGreaterThan(3);
    for (const reference of references) {
      const path = String(reference).replace(/^#\//, '').split('/');
      expect([reference, path.reduce<any>((inner, name) => inner?.[name], document)]).not.toContain(
        undefined,
      );
    }
  });

  it('names what it shares: customers, drafts, pages, settings, problems', () => {
    expect(Object.keys(document['components'].schemas)).toEqual(
      expect.arrayContaining(['CustomerDto', 'CustomerDraft', 'CustomerPage', 'BusinessSettings', 'Problem']),
    );
  });

  it('is plain JSON: nothing is lost on the way to its file', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe.each(routes.map((route) => [route.name, route] as const))('the operation %s', (_name, route) => {
  const operation = operationOf(route);

  it('asks for a token and a business where the route has a permission', () => {
    const isPermitted = route.permission !== undefined;
    expect(operation['security']).toEqual(isPermitted ? [{ bearer: [] }] : []);
    expect(namesIn(operation, 'header').includes('x-business-tenant-id')).toBe(isPermitted);
    expect('401' in operation['responses']).toBe(isPermitted);
  });

  it('declares every name in its path, and the headers it reads', () => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(namesIn(operation, 'path')).toEqual(inPath);
    expect(namesIn(operation, 'header').includes('idempotency-key')).toBe(isRepeatable(route));
    const ifMatch = operation['parameters'].find(({ name }: any) => name === 'if-match');
    expect([ifMatch !== undefined, ifMatch?.required === true]).toEqual([
      route.precondition !== undefined,
      route.precondition === 'required',
    ]);
  });

  it('has a schema with a type for every parameter', () => {
    for (const { name, schema } of operation['parameters'])
      expect([name, typeof schema.type]).toEqual([name, 'string']);
  });

  it('takes a body where the route does, a patch also as a merge patch', () => {
    const types = Object.keys(operation['requestBody']?.content ?? {});
    const expected =
      route.method === 'PATCH' ? ['application/json', 'application/merge-patch+json'] : ['application/json'];
    expect(types).toEqual(route.body === undefined ? [] : expected);
  });

  it('says the limits of its body', () => {
    const limits =
      route.bodyLimitBytes === 1024 * 1024 ? ['1024 KiB', '65536 fields'] : ['128 KiB', '8192 fields'];
    for (const limit of route.body === undefined ? [] : [...limits, '20 levels'])
      expect(operation['requestBody'].description).toContain(limit);
  });

  it('has every answer and every problem under its status', () => {
    for (const status of Object.keys(route.answers)) {
      expect(operation['responses'][status].content).toHaveProperty(['application/json']);
    }
    for (const code of route.problems) {
      const answer = operation['responses'][String(PROBLEMS[code].status)];
      expect(answer.description).toContain(`\`${code}\``);
      expect(answer.content).toHaveProperty(['application/problem+json']);
    }
  });

  it('tells of the headers that come with an answer', () => {
    const { responses } = operation;
    // 401 is the gateway's own answer.
    for (const [status, { headers = {} }] of Object.entries<any>(responses))
      expect([status, 'x-request-id' in headers]).toEqual([status, status !== '401']);
    if ('201' in responses) expect(Object.keys(responses['201'].headers)).toContain('location');
    if ('412' in responses) expect(Object.keys(responses['412'].headers)).toContain('etag');
    if ('503' in responses) expect(Object.keys(responses['503'].headers)).toContain('retry-after');
    const replays = Object.keys((responses['200'] ?? responses['201'])?.headers ?? {}).includes(
      'idempotent-replayed',
    );
    expect(replays).toBe(isRepeatable(route));
  });
});
