import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const outdir = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** What infra/app.ts does after bundling, as the CDK command line starts it: with the folder for the assembly set. */
const SYNTHESIZE = `
import { runCommand } from '#infra/command.ts';
import { synthesize } from '#infra/synthesize.ts';
await runCommand(async () => { synthesize(); });
`;

describe('the CDK app without a setting that it needs', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SYNTHESIZE], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}' },
    encoding: 'utf8',
  });

  it('says what is missing in one sentence, and fails', () => {
    expect(stderr).toBe('Say which issuer to use, for example: -c issuer=https://login.example.com/\n');
    expect(status).toBe(1);
  });

  it('leaves no half-made assembly to deploy', () => {
    expect(readdirSync(outdir)).not.toContain('manifest.json');
  });
});
