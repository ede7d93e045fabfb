import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeServer, listen } from '#infra/local/listen.ts';
import { takeData } from '#infra/local/served-on.ts';

const MINE = 'http://127.0.0.1:1';

describe('data that only one service at a time may use', () => {
  let folder: string;
  let neighbour: Server;
  let neighbourUrl: string;
  let health: object;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'served-on-'));
    neighbour = createServer((_, response) => response.end(JSON.stringify(health)));
    neighbourUrl = `http://127.0.0.1:${String(await listen(neighbour, { host: '127.0.0.1', port: 0 }))}`;
    await takeData(folder, neighbourUrl);
  });
  afterEach(async () => {
    await closeServer(neighbour);
    await rm(folder, { recursive: true });
  });

  const takenBy = () => readFile(join(folder, 'served-on'), 'utf8');

  it.each([
    ['serves', { engine: 'documentdb' }],
    ['is starting', { doing: 'bundling' }],
  ])(
    'are refused while another service %s with them, in a sentence with its address',
    async (_what, answer) => {
      health = answer;
      await expect(takeData(folder, MINE)).rejects.toThrow(
        `Another npm start already uses this data, at ${neighbourUrl}. Stop it first.`,
      );
      expect(await takenBy()).toBe(neighbourUrl);
    },
  );

  it('are reserved when another program answers there', async () => {
    health = { hello: 'world' };
    await takeData(folder, MINE);
    expect(await takenBy()).toBe(MINE);
  });

  it('are reserved when nothing answers there any more, and again by the same address', async () => {
    await takeData(folder, MINE);
    await takeData(folder, neighbourUrl);
    health = { engine: 'documentdb' };
    await takeData(folder, neighbourUrl);
    expect(await takenBy()).toBe(neighbourUrl);
  });
});
