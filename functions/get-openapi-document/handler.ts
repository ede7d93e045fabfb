import { readFile } from 'node:fs/promises';
import { servePublic } from '#lib/http/serve-public.ts';
import { contract } from './contract.ts';
import { getOpenApiDocument } from './get-openapi-document.ts';

/** The build puts it beside the bundle, made from the same contracts. */
const readDocument = () => readFile(new URL('./openapi.json', `file://${__filename}`), 'utf8');
export const handler = servePublic(contract, getOpenApiDocument({ readDocument }));
