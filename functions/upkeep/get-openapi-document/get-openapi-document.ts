import * as z from 'zod';
import { ok, type PublicUseCase } from '#lib/contract/route.ts';
import type { contract } from './contract.ts';

type Needs = { readDocument: () => Promise<string> };

const Document = z.looseObject({ openapi: z.string() });

/** Answers the OpenAPI document of the service. */
export const getOpenApiDocument =
  ({ readDocument }: Needs): PublicUseCase<typeof contract> =>
  async () =>
    ok(Document.parse(JSON.parse(await readDocument())));
