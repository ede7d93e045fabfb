import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const outdir = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** What infra/build/app.ts does after bundling, as the CDK command line starts it: with the folder for the assembly set. */
const SYNTHESIZE = `
import { runCommand } from '#infra/build/command.ts';
import { synthesize } from '#infra/build/synthesize.ts';
await runCommand(async () => { synthesize(); });
`;

describe('the CDK app without a setting that it needs', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SYNTHESIZE], {
    cwd: resolve(import.meta.dirname, '../../..'),
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}' },
    encoding: 'utf8',
  });

  it('says what is missing in one sentence, and fails', () => {
    expect(stderr).toBe('Missing setting issuer. Example: -c issuer=https://login.example.com/\n');
    expect(status).toBe(1);
  });

  it('leaves no half-made assembly to deploy', () => {
    expect(readdirSync(outdir)).not.toContain('manifest.json');
  });
});

describe('the CDK command line, as a deployment runs it', () => {
  const cdk = (...settings: string[]) =>
    spawnSync(
      process.execPath,
      [
        ...['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--output', join(outdir, 'cdk.out')],
        ...['issuer=https://login.example.com/', 'audience=a', 'allowedOrigins=https://panel.example.com']
          .concat(settings)
          .flatMap((setting) => ['-c', setting]),
      ],
      { cwd: resolve(import.meta.dirname, '../../..'), env: process.env, encoding: 'utf8' },
    );

  it.each([
    ['alarmMail=ops@example.com', 'There is no setting alarmMail. Do you mean alarmEmail?'],
    ['local=on', 'The setting local is for npm start only. Remove it.'],
  ])('refuses -c %s before it bundles', (setting, sentence) => {
    const { status, stderr } = cdk(setting);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
    expect(status).not.toBe(0);
    expect(existsSync(join(outdir, 'cdk.out', 'manifest.json'))).toBe(false);
  });
});
