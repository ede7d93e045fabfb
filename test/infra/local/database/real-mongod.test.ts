import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { isDownloadReachable } from '#infra/local/database/real-mongod.ts';

describe('isDownloadReachable', () => {
  it('is false where no such host is known, or nobody listens', async () => {
    expect(await isDownloadReachable('https://does-not-exist.invalid')).toBe(false);
    expect(await isDownloadReachable('https://127.0.0.1:1')).toBe(false);
  });

  it('is false, after a second, where nobody answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await isDownloadReachable(`https://127.0.0.1:${port}`)).toBe(false);
    silent.close();
  });
});
