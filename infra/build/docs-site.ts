import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contracts } from '#functions/contracts.ts';
import { guidesText } from '#infra/docs/guides.ts';
import { contentScript, PAGE_FILES } from '#infra/docs/page-files.ts';
import { openApiDocument } from './openapi.ts';

/**
 * Writes the docs page with its contract into a folder, as files that any host can serve and a browser opens from a disk.
 * Other files of the folder stay.
 * @param site.server the address of the service in the samples
 */
export const writeDocsSite = async (site: Readonly<{ outdir: string; server: string }>): Promise<void> => {
  await mkdir(site.outdir, { recursive: true });
  const contract = { ...openApiDocument(contracts), servers: [{ url: site.server.replace(/\/$/, '') }] };
  const content = contentScript({ guides: await guidesText(), contract });
  for (const [name, read] of Object.entries(PAGE_FILES)) {
    await writeFile(join(site.outdir, name), name === 'content.js' ? content : await read());
  }
  await writeFile(join(site.outdir, 'openapi.json'), `${JSON.stringify(contract, null, 2)}\n`);
};
