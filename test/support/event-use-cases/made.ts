import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from '../made-once.ts';

/** A folder with bundles and a synthesis of use cases around a bus, made once in a Jest run. */
export const eventUseCases = (): Promise<string> =>
  madeOnce('event-use-cases', (folder) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, 'write.ts'), folder]),
  );
