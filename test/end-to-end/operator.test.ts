import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseDatabase } from '#infra/ops/target-database.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { startOps } from '#test/support/ops-process.ts';
import { type Served, serveBundles } from '#test/support/served.ts';
import { aKeyring } from '#test/support/service.ts';

/** An operator beside the running service, as `npm run ops -- <command> --local` beside `npm start`. */

const folder = mkdtempSync(join(tmpdir(), 'operator-'));
const keyring = join(folder, 'keyring.json');
const before = { ...process.env };
let served: Served;
beforeAll(async () => {
  writeFileSync(keyring, JSON.stringify(aKeyring()), { mode: 0o600 });
  served = await serveBundles('operator', { keyring: () => readFile(keyring, 'utf8') });
  writeFileSync(join(folder, 'served-on'), served.gateway.url);
  delete process.env['PORT'];
  await chooseDatabase({ isLocal: true, folder });
}, 300_000);
afterAll(async () => {
  process.env = before;
  await served.stop();
  rmSync(folder, { recursive: true });
});
const ops = async (...args: string[]): Promise<readonly [number | null, string]> => {
  const { status, text } = await startOps(args).ended;
  return [status, text];
};

describe('an operator beside the running service', () => {
  it('finds its database, keyring and buckets by the address that it wrote down', async () => {
    expect(process.env['KEYRING_FILE']).toBe(keyring);
    expect(process.env['LEDGER_BUCKET']).toMatch(/^customermanagement-ledger-/);
    expect(await ops('replay-erasures')).toEqual([
      0,
      'dry-run: 0 lines in 0 files, 0 customers to erase again\n',
    ]);
  });

  it('is told where to look when nothing answers', async () => {
    writeFileSync(join(folder, 'served-on'), 'http://127.0.0.1:1');
    await expect(chooseDatabase({ isLocal: true, folder })).rejects.toThrow(
      'No npm start answers at http://127.0.0.1:1/_local/health.',
    );
  });

  it('rotates the keys while it is called: the functions read the keyring that is there now', async () => {
    const list = async (): Promise<unknown[]> => {
      const { status, body } = await served.request('GET', '/api/v1/customer/paged');
      return [status, body.items?.length];
    };
    expect((await served.request('POST', '/api/v1/customer', { body: aCustomer() })).status).toBe(201);
    expect(await list()).toEqual([200, 1]);
    expect(await ops('keyring', 'add', '--file', keyring, '--id', 'k9')).toEqual([0, expect.any(String)]);
    expect(await ops('keyring', 'use', '--file', keyring, '--id', 'k9')).toEqual([0, expect.any(String)]);
    expect(await ops('reencrypt')).toEqual([0, expect.stringMatching(/re-encrypted with k9/)]);
    expect(JSON.parse(readFileSync(keyring, 'utf8')).current).toBe('k9');
    expect(await list()).toEqual([200, 1]);
    expect((await served.request('POST', '/api/v1/customer', { body: aCustomer() })).status).toBe(201);
    expect(await list()).toEqual([200, 2]);
  });
});
