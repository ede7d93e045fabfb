import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isObject, objectAt, parseJson } from './json.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export type LocalAssembly = Readonly<{
  /** The folder for the cloud assembly. The bundles are made in `dist` beside it. */
  outdir: string;
  /** The issuer whose tokens the stack's authorizer accepts. */
  issuer: string;
  /** Takes the output of esbuild and CDK when they fail. */
  log: (line: string) => void;
  /** Ends the work early. */
  signal?: AbortSignal;
}>;

/** All that bundles and stacks are made of, and this file, which has settings of its own. */
export const SOURCES: readonly string[] = [
  ...['functions', 'lib', 'infra/build', 'infra/stack', 'infra/local/assemble.ts'],
  ...['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json'],
];

/** The context of cdk.json: the CDK command line would pass it to the app. */
const contextOfApp = async (): Promise<object> => {
  const settings = parseJson(await readFile(join(ROOT, 'cdk.json'), 'utf8'));
  return isObject(settings) ? objectAt(settings, 'context') : {};
};

/**
 * Bundles every function and synthesizes the stack, by running the same app as a deployment.
 * @throws Error when that fails; the reason has gone to `log`
 */
export const assembleLocally = async ({ outdir, issuer, log, signal }: LocalAssembly): Promise<void> => {
  const context = {
    ...(await contextOfApp()),
    // An issuer on this machine and pages of any origin are allowed only here.
    local: 'on',
    issuer,
    audience: 'customer-management',
    allowedOrigins: '*',
  };
  const app = spawn(process.execPath, [join(ROOT, 'infra/build/app.ts')], {
    cwd: ROOT,
    env: {
      // CDK's own rules take as long as all else together. Tests and deployments check them.
      CDK_VALIDATION: 'false',
      ...process.env,
      BUNDLES_DIR: join(dirname(resolve(outdir)), 'dist'),
      CDK_OUTDIR: resolve(outdir),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal !== undefined && { signal }),
  });
  // An abort arrives as an error too; the process ends either way.
  app.once('error', () => undefined);
  const ended = new Promise<number | null>((done) => app.once('close', done));
  const [said, trouble, code] = await Promise.all([text(app.stdout), text(app.stderr), ended]);
  if (code === 0) return;
  if (signal?.aborted === true) throw new Error('Bundling and synthesizing were stopped.');
  const output = `${said}${trouble}`.trimEnd();
  if (output !== '') log(output);
  throw new Error('Bundling the functions or synthesizing the stack failed. The reason is printed above.');
};
