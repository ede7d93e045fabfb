import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-openapi-document',
  summary: 'Read this API contract as OpenAPI 3.1',
  method: 'GET',
  path: '/api/v1/openapi.json',
  impact: 'integrators cannot read the API contract',
  openBecause: 'The contract itself is public: it names no customer and no business.',
  needs: ['openapi-document'],
  memoryMb: 256,
  answers: { 200: z.looseObject({ openapi: z.string() }) },
  problems: [],
});
