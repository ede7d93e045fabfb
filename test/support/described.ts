import * as z from 'zod';
import { contracts } from '#functions/contracts.ts';
import { openApiDocument } from '#infra/build/openapi.ts';

/** A JSON Schema in the OpenAPI document. */
export type Schema = Readonly<Record<string, any>>;
export type Parameter = Readonly<{
  in: 'path' | 'query' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}>;
export type Response = Readonly<{
  description: string;
  headers?: Readonly<Record<string, unknown>>;
  content: Readonly<Record<string, { schema: Schema }>>;
}>;
/** A route as the OpenAPI document describes it. */
export type Operation = Readonly<{
  name: string;
  method: string;
  path: string;
  parameters: readonly Parameter[];
  body?: Schema;
  /** Its body in each content type, with examples. */
  bodies: readonly Response['content'][string][];
  /** The content types that its body may have. */
  contentTypes: readonly string[];
  responses: Readonly<Record<string, Response>>;
}>;

/** The document as JSON, with its shared schemas where JSON Schema looks for them. */
export const documentText = JSON.stringify(openApiDocument(contracts)).replaceAll(
  '#/components/schemas/',
  '#/$defs/',
);
const document = JSON.parse(documentText);
const $defs: Readonly<Record<string, Schema>> = document.components.schemas;

/** A schema, or the one that it refers to. */
export const resolved = (schema: Schema): Schema =>
  schema['$ref'] === undefined ? schema : $defs[schema['$ref'].replace('#/$defs/', '')]!;

const validators = new Map<Schema, z.ZodType>();

/** What is wrong with a value by a schema of the document; null if it is valid. */
export const faultIn = (schema: Schema, value: unknown): string | null => {
  const validator = validators.get(schema) ?? z.fromJSONSchema({ ...schema, $defs });
  validators.set(schema, validator);
  const result = validator.safeParse(value);
  return result.success ? null : z.prettifyError(result.error);
};

/** Every route of the document. */
export const operations: readonly Operation[] = Object.entries<Record<string, any>>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const content: Response['content'] = described.requestBody?.content ?? {};
      const body = Object.values(content)[0]?.schema;
      return {
        name: described.operationId,
        method: method.toUpperCase(),
        path,
        parameters: described.parameters,
        bodies: Object.values(content),
        contentTypes: Object.keys(content),
        responses: described.responses,
        ...(body !== undefined && { body: resolved(body) }),
      };
    }),
);
