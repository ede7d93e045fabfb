import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');

type Lock = { packages: Record<string, { version?: string }> };
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
  process.stdout.write('promise 44: advisories not measured, this registry answers none\n');

describe('promise 44: no known advisory of high severity', () => {
  it('locks nothing below the floors', () => {
    const lock = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8')) as Lock;
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
