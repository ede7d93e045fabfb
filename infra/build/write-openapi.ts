import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { openApiText } from './openapi.ts';
import { breakingChanges, unnamed } from './openapi/breaking-changes.ts';

/**
 * `npm run openapi [-- <path>]`: writes the OpenAPI document, to docs/openapi.json if no other path is given, and says what
 * breaks callers of the released version. A release ends with `npm run openapi -- docs/openapi-released.json`.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const RELEASED = join(ROOT, 'docs/openapi-released.json');

const path = resolve(process.argv[2] ?? join(ROOT, 'docs/openapi.json'));
await writeFile(path, openApiText());
process.stdout.write(`${path} was written.\n`);

const Released = z.object({ info: z.object({ version: z.string() }) });
const { version } = Released.parse(JSON.parse(await readFile(RELEASED, 'utf8'))).info;
const breaking = await breakingChanges(RELEASED, path);
const left = unnamed(breaking, await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'), version);
for (const sentence of left) process.stdout.write(`- Breaking: ${sentence}\n`);
process.stdout.write(
  left.length === 0
    ? `Nothing breaks callers of ${version} that CHANGELOG.md does not name.\n`
    : `Each of these lines breaks callers of ${version}. Avoid it, or add the line to CHANGELOG.md.\n`,
);
