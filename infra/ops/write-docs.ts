import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withPlaces } from './privacy-docs.ts';
import { processingRecord } from './processing-record.ts';

/** The second part of `npm run readme`: writes docs/processing.md, and the table of places in docs/privacy.md, from the code. */

const DOCS = resolve(import.meta.dirname, '../../docs');

const privacy = join(DOCS, 'privacy.md');
await writeFile(privacy, withPlaces(await readFile(privacy, 'utf8')));
await writeFile(join(DOCS, 'processing.md'), processingRecord());
process.stdout.write('docs/privacy.md and docs/processing.md were written.\n');
