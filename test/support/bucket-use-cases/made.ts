import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from '../made-once.ts';

/** A folder with bundles and syntheses of use cases that need buckets, made once in a Jest run. */
export const bucketUseCases = (): Promise<string> =>
  madeOnce('bucket-use-cases', (folder) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, 'write.ts'), folder]),
  );
