import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { DEMO_BUSINESS } from './demo.ts';

const OPS = resolve(import.meta.dirname, '../ops/ops.ts');

export type DemoPlace = Readonly<{ mongodbUri: string; keyringFile: string; signal: AbortSignal }>;

/**
 * Fills the demo business with invented customers, as `npm run ops -- seed-demo` does.
 * @returns the calls that it prints; undefined when it refused, after it has said why
 */
export const seedDemo = async ({
  mongodbUri,
  keyringFile,
  signal,
}: DemoPlace): Promise<string | undefined> => {
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const seeding = spawn(process.execPath, [OPS, 'seed-demo', '--business', DEMO_BUSINESS], {
    env: { ...process.env, ...quiet, MONGODB_URI: mongodbUri, KEYRING_FILE: keyringFile },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  // An abort arrives as an error too; the process ends either way.
  seeding.once('error', () => undefined);
  const ended = new Promise<number | null>((done) => seeding.once('close', done));
  const [calls, code] = await Promise.all([text(seeding.stdout), ended]);
  return code === 0 ? calls.trimEnd() : undefined;
};
