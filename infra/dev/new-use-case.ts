import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Kind } from './scaffold-texts.ts';
import { scaffoldUseCase } from './scaffold.ts';

/**
 * `npm run new -- [<wing>/]<verb-noun> [--method POST | --schedule]`: a use case to start from, with its test, and its line in every list
 * of use cases.
 */

const ROOT = resolve(import.meta.dirname, '../..');
/** What `npm run readme` and `npm run openapi` run: documents are made from the contracts. */
const WRITERS = ['infra/build/readme.ts', 'infra/ops/write-docs.ts', 'infra/build/write-openapi.ts'];

const WORKS: Readonly<Record<Kind, string>> = {
  GET: 'it answers one customer',
  POST: 'it archives one customer',
  schedule: 'it runs every hour and does nothing',
};

const kindFrom = (method: string, isSchedule: boolean): Kind => {
  if (isSchedule) return 'schedule';
  if (method === 'GET' || method === 'POST') return method;
  throw new Error(`--method takes GET or POST, not ${method}. Begin with POST and change the contract.`);
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { method: { type: 'string', default: 'GET' }, schedule: { type: 'boolean', default: false } },
  });
  const kind = kindFrom(values.method.toUpperCase(), values.schedule);
  const written = await scaffoldUseCase(ROOT, { asked: positionals[0] ?? '', kind });
  for (const writer of WRITERS) spawnSync(process.execPath, [writer], { cwd: ROOT, stdio: 'inherit' });
  process.stdout.write(`${written.map((path) => `  ${path}`).join('\n')}
It works already: ${WORKS[kind]}. All tests pass. Make it yours, starting with the contract.
Run npm run readme and npm run openapi after each change of the contract.
`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
