import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PRINTING_OF_THE_SDK, prints } from './printing.ts';
import { bucketUseCases } from '#test/support/bucket-use-cases/made.ts';

const folder = await bucketUseCases();
const bundle = join(folder, 'dist/move-objects/index.cjs');
const { outputs } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
const [{ inputs }]: any[] = Object.values(outputs);
/** The SDK with all that it brings: what a bundle grows by when its contract needs a bucket. */
const sdkBytes = Object.entries<any>(inputs)
  .filter(([input]) => /node_modules\/(@aws-sdk|@smithy|@aws|bowser|tslib|fast-xml)/.test(input))
  .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);

describe('a bundle that uses the object store', () => {
  it('grows by at most 1.1 MB', () => {
    expect(sdkBytes).toBeGreaterThan(100_000);
    expect(sdkBytes).toBeLessThanOrEqual(1_100_000);
    expect(statSync(bundle).size).toBeLessThanOrEqual(2_200_000);
  });

  it('holds of the SDK nothing that prints but what is known to print nothing personal', () => {
    const printing = Object.keys(inputs)
      .filter((input) => /node_modules\/@(aws-sdk|smithy)\//.test(input) && prints(input))
      .map((input) => input.replace(/^.*node_modules\//, ''));
    expect(printing.sort()).toEqual(Object.keys(PRINTING_OF_THE_SDK).sort());
  });

  it('loads where no package is installed', () => {
    const load = 'if (typeof require(process.argv[1]).handler !== "function") throw new Error("no handler")';
    expect(() =>
      execFileSync(process.execPath, ['-e', load, bundle], { cwd: tmpdir(), env: {} }),
    ).not.toThrow();
  });

  it('runs no line of the SDK before the first operation', () => {
    // The SDK loads Node's https client when its first line runs; nothing else of the bundle does.
    const load =
      'require(process.argv[1]); process.stdout.write(String(process.moduleLoadList.includes("NativeModule https")))';
    const env = { POWERTOOLS_LOG_LEVEL: 'SILENT' };
    expect(execFileSync(process.execPath, ['-e', load, bundle], { env, encoding: 'utf8' })).toBe('false');
  });
});
