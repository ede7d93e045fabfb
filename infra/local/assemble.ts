import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isObject, objectAt, parseJson } from './json.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export type LocalAssembly = Readonly<{
  /** Where the cloud assembly goes. */
  outdir: string;
  /** Whose tokens the stack's authorizer is to trust: on a laptop the local issuer's. */
  issuer: string;
  /** Takes a line now and then: what fails, as esbuild and CDK say it. */
  log: (line: string) => void;
}>;

/** The app's own settings, which the CDK command line would hand over. */
const contextOfApp = async (): Promise<object> => {
  const settings = parseJson(await readFile(join(ROOT, 'cdk.json'), 'utf8'));
  return isObject(settings) ? objectAt(settings, 'context') : {};
};

/**
 * Bundles every function and synthesizes the stack, by running the very app that a deployment runs.
 * @throws Error when it fails; what it said has gone to `log`
 */
export const assembleLocally = async ({ outdir, issuer, log }: LocalAssembly): Promise<void> => {
  const context = { ...(await contextOfApp()), issuer, audience: 'customer-management', allowedOrigins: '*' };
  const app = spawn(process.execPath, [join(ROOT, 'infra/app.ts')], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: resolve(outdir), CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => app.once('close', done));
  const [said, trouble, code] = await Promise.all([text(app.stdout), text(app.stderr), ended]);
  if (code === 0) return;
  log(`${said}${trouble}`.trimEnd());
  throw new Error('The functions could not be bundled or the stack not be synthesized: the reason is above.');
};
