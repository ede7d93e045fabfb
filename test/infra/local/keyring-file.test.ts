import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';

const somewhere = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'keyring-')), 'kept', 'keyring.json');

describe('the local keyring', () => {
  it('is made with one key of 32 random bytes, for its owner only', async () => {
    const file = await somewhere();
    const keyring = JSON.parse(await readOrMakeKeyring(file)) as {
      current: string;
      keys: Record<string, string>;
    };
    expect(keyring.current).toBe('k1');
    expect(Buffer.from(keyring.keys.k1 ?? '', 'base64')).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readOrMakeKeyring(await somewhere())).not.toBe(JSON.stringify(keyring));
  });

  it('is never replaced, even when many callers request it at once', async () => {
    const file = await somewhere();
    const made = await Promise.all(Array.from({ length: 20 }, () => readOrMakeKeyring(file)));
    expect(new Set(made).size).toBe(1);
    await writeFile(file, 'mine');
    expect(await readOrMakeKeyring(file)).toBe('mine');
  });
});
