import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDocsSite } from './docs-site.ts';

/**
 * `npm run docs`: writes the docs page as a site that needs no server. `--server` is the address of the service in the
 * samples, `--outdir` the folder.
 */

const ROOT = resolve(import.meta.dirname, '../..');
/** Nobody owns a host of this name (RFC 2606). */
const SERVER = 'https://customers.example.com';

const { values } = parseArgs({
  options: { outdir: { type: 'string', default: 'site' }, server: { type: 'string', default: SERVER } },
});
const outdir = resolve(ROOT, values.outdir);
await writeDocsSite({ outdir, server: values.server });
process.stdout.write(`Written: open ${join(outdir, 'index.html')}\n`);
