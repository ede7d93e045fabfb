import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installDocumentDb } from '#infra/local/database/installation/install-documentdb.ts';
import { examineMachine } from '#infra/local/database/installation/machine.ts';

const machine = await examineMachine();
let folder = '';
const { DATABASE_CACHE: given } = process.env;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'empty-cache-'));
  process.env['DATABASE_CACHE'] = folder;
});
afterEach(() => {
  if (given === undefined) delete process.env['DATABASE_CACHE'];
  else process.env['DATABASE_CACHE'] = given;
  rmSync(folder, { recursive: true });
});

// On other machines DocumentDB is not installed, and examineMachine says why.
const canInstall = !('refusal' in machine);

(canInstall ? describe : describe.skip)('installDocumentDb into an empty cache', () => {
  const install = (mirror: string) => {
    if ('refusal' in machine) throw new Error(machine.refusal);
    return installDocumentDb({ ...machine, mirror }, () => undefined);
  };

  it('says in one sentence that none is cached and none can be downloaded, and what to do', async () => {
    await expect(install('http://127.0.0.1:1/debian')).rejects.toThrow(
      `No database: the cache folder ${folder} holds none and none can be downloaded from http://127.0.0.1:1/debian, ` +
        'so connect to the network and try again, or set MONGODB_URI to a replica set of MongoDB 8.0 or newer.',
    );
  });

  it('says which variable to set when the cache folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    process.env['DATABASE_CACHE'] = join(folder, 'file', 'cache');
    await expect(install('http://127.0.0.1:1/debian')).rejects.toThrow(
      `The cache folder ${join(folder, 'file', 'cache')} cannot be written. Set DATABASE_CACHE to one that can be written.`,
    );
  });
});
