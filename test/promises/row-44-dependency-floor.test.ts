import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');

type Lock = { packages: Record<string, { version?: string; hasInstallScript?: true }> };
const lock = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8')) as Lock;
type Audit = { metadata?: { vulnerabilities: Record<'high' | 'critical', number> } };

/** Versions below these have a known advisory of high severity that the service would be open to. */
const FLOORS = { mongoose: [9, 12] } as const;

/** What npm knows of the locked packages; null where the registry has no advisories to ask. */
const audit = async (): Promise<Audit['metadata'] | null> => {
  const run = promisify(execFile)('npm', ['audit', '--json'], { cwd: ROOT, timeout: 60_000 });
  // npm audit exits 1 when it found something; its report is on standard output all the same.
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  try {
    return (JSON.parse(stdout) as Audit).metadata ?? null;
  } catch {
    return null;
  }
};
const known = await audit();
const unreachable = known === null ? ' (skipped: this registry answers no advisories)' : '';
if (unreachable !== '')
  process.stdout.write('promise 44: advisories not measured, because this registry provides none\n');

describe('promise 44: no known advisory of high severity', () => {
  it('locks nothing below the floors', () => {
    for (const [name, [major, minor]] of Object.entries(FLOORS)) {
      const locked = Object.entries(lock.packages)
        .filter(([path]) => path.endsWith(`node_modules/${name}`))
        .map(([, { version = '' }]) => version.split('.').map(Number));
      expect(locked).not.toHaveLength(0);
      for (const [foundMajor = 0, foundMinor = 0] of locked) {
        expect(foundMajor * 1_000 + foundMinor).toBeGreaterThanOrEqual(major * 1_000 + minor);
      }
    }
  });

  (known === null ? it.skip : it)(`has none of high or critical severity${unreachable}`, () => {
    const found = known?.vulnerabilities;
    process.stdout.write(`promise 44: ${String(found?.high)} high, ${String(found?.critical)} critical\n`);
    expect({ high: found?.high, critical: found?.critical }).toEqual({ high: 0, critical: 0 });
  });
});

/** Their scripts are not run, and everything works without. Try that before you add a name. */
const WORK_WITHOUT_THEIR_SCRIPT = [
  '@parcel/watcher',
  '@scarf/scarf',
  'esbuild',
  'mongodb-memory-server',
  'unrs-resolver',
];

describe('promise 44: no package runs code while it is installed', () => {
  it('because npm is told so by the project, for install and ci', async () => {
    const { npm_config_ignore_scripts: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'ignore-scripts'], {
      cwd: ROOT,
      env,
    });
    expect(stdout.trim()).toBe('true');
  });

  it('and no package needs its script', () => {
    const names = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.split('node_modules/').at(-1));
    expect([...new Set(names)].sort()).toEqual(WORK_WITHOUT_THEIR_SCRIPT);
    process.stdout.write(`promise 44: 0 of ${String(names.length)} install scripts are run\n`);
  });

  it('nor does the project have a script that npm would now leave out', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const hooks = Object.keys(scripts).filter((name) => {
      const after = name.replace(/^(pre|post)/, '');
      return after !== name && (after in scripts || ['install', 'prepare', 'pack'].includes(after));
    });
    expect([hooks, Object.keys(scripts).filter((name) => ['install', 'prepare'].includes(name))]).toEqual([
      [],
      [],
    ]);
  });
});
