import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { contractsByWing } from '#functions/contracts.ts';
import { asyncApiText } from './async-api.ts';
import { GUIDE_SECTIONS, withGuideSections } from './guide-sections.ts';
import { withGeneratedSections } from './readme-sections.ts';

/**
 * `npm run readme`: writes the list of use cases and the example into README.md, from the contracts and the files,
 * docs/events/asyncapi.json, from the schemas of the events, and the tables of docs/guides, from the problems and the roles.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const README = join(ROOT, 'README.md');

const before = await readFile(README, 'utf8');
const after = await withGeneratedSections(before, { root: ROOT, wings: contractsByWing });
if (after !== before) await writeFile(README, after);
process.stdout.write(`README.md ${after === before ? 'is up to date' : 'was updated'}.\n`);

await writeFile(join(ROOT, 'docs/events/asyncapi.json'), asyncApiText());
process.stdout.write('docs/events/asyncapi.json was written.\n');

for (const { file } of GUIDE_SECTIONS) {
  const path = join(ROOT, 'docs/guides', file);
  await writeFile(path, withGuideSections(await readFile(path, 'utf8'), file));
}
process.stdout.write('The tables of docs/guides were written.\n');
