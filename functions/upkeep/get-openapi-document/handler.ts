import { readFile } from 'node:fs/promises';
import { servePublic } from '#lib/serve/serve-public.ts';
import { contract } from './contract.ts';
import { getOpenApiDocument } from './get-openapi-document.ts';

/** The build generates it from the contracts and puts it beside the bundle. */
const readDocument = () => readFile(new URL('./openapi.json', `file://${__filename}`), 'utf8');
export const handler = servePublic(contract, getOpenApiDocument({ readDocument }));
