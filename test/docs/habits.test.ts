import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The files by which editors, GitHub and Renovate know this project's habits. */

const ROOT = resolve(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
const manifest = JSON.parse(textOf('package.json'));

describe('the habits of this project', () => {
  it('are one Node: that of the scripts, of .nvmrc and of its types', () => {
    const versions = new Set<string>(Object.values(manifest.optionalDependencies));
    expect([...versions]).toEqual([textOf('.nvmrc').trim()]);
    const major = (version: string): string => version.split('.')[0]!;
    expect(major(manifest.devDependencies['@types/node'])).toBe(major([...versions][0]!));
  });

  it('are exact versions, which Renovate keeps exact', () => {
    const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
    for (const version of Object.values({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
      ...overrides,
    }).filter((one) => typeof one === 'string'))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const renovate = JSON.parse(textOf('renovate.json'));
    expect([renovate.rangeStrategy, renovate.automerge]).toEqual(['pin', false]);
  });

  it('are one check, which GitHub runs too, with actions that are pinned to a commit', () => {
    const workflow = textOf('.github/workflows/check.yml');
    expect(workflow).toContain('- run: .ci/run\n');
    const used = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
    expect(workflow).toContain('permissions:\n  contents: read\n');
  });

  it('name scripts and paths that exist', () => {
    const files = ['SECURITY.md', ...globSync('.github/**/*.{md,yml}', { cwd: ROOT })];
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      for (const [, script = ''] of textOf(file).matchAll(/`npm run ([\w:]+)/g))
        expect([file, Object.keys(manifest.scripts)]).toEqual([file, expect.arrayContaining([script])]);
    const owned = [...textOf('.github/CODEOWNERS.example').matchAll(/^\/(\S+)/gm)].map(
      ([, path = '']) => path,
    );
    for (const path of owned) expect([path, globSync(path, { cwd: ROOT }).length > 0]).toEqual([path, true]);
  });
});
