import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { contracts as allContracts } from '#functions/contracts.ts';
import type { Contract } from '#lib/contract/contract.ts';
import type { Route } from '#lib/contract/route.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { operationOf } from './openapi/operation.ts';
import { byTags, TAGS } from './openapi/tags.ts';

/** The whole HTTP contract as OpenAPI 3.1, generated only from the contracts. */
export const openApiDocument = (contracts: readonly Contract[]) =>
  createDocument(sourceOf(contracts), { override: withoutAnything });

const sourceOf = (contracts: readonly Contract[]): ZodOpenApiObject => ({
  openapi: '3.1.0',
  info: {
    title: 'Customer Management',
    version: packageFile.version,
    description:
      'Customers of many businesses. Each business sees only its own customers. An empty query parameter counts as ' +
      'absent. A query parameter that a route does not have is 400 `unknown-parameter`; `X-Business-Tenant-Id`, ' +
      '`members`, `statuses` and `services`, also with `[]`, are ignored everywhere.',
    contact: { name: 'The maintainers of Customer Management' },
    license: { name: packageFile.license, identifier: packageFile.license },
  },
  servers: [{ url: '/' }],
  tags: [...TAGS],
  paths: pathsOf(byTags(contracts.filter((contract) => contract.kind === 'route'))),
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  },
});

/** An alternative that accepts anything says nothing: the document names the others. */
const withoutAnything: ZodOpenApiOverride = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type !== 'union' || jsonSchema.anyOf === undefined) return;
  jsonSchema.anyOf = jsonSchema.anyOf.filter((_, at) => def.options[at]?._zod.def.type !== 'unknown');
};

const pathsOf = (routes: readonly Route[]): ZodOpenApiPathsObject => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
};

/** The text of docs/openapi.json, for people and tools. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(allContracts), null, 2)}\n`;
