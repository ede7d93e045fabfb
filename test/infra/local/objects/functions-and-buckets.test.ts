import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { bucketUseCases } from '#test/support/bucket-use-cases/made.ts';

const ARCHIVE = 'customermanagement-archive-000000000000-eu-central-1';
const LEDGER = 'customermanagement-ledger-000000000000-eu-central-1';

const made = await bucketUseCases();
const objects = mkdtempSync(join(tmpdir(), 'kept-objects-'));
const lines: string[] = [];
const start = (stage: 'usual' | 'flexible'): Promise<Gateway> =>
  startGateway({ assembly: join(made, stage), objects, log: (name, line) => lines.push(`${name}  ${line}`) });
let gateway: Gateway;
beforeAll(async () => {
  gateway = await start('usual');
});
afterAll(async () => {
  await gateway.stop();
  rmSync(objects, { recursive: true });
});
beforeEach(() => {
  lines.length = 0;
});

type Ask = Readonly<{ bucket: 'ARCHIVE_BUCKET' | 'LEDGER_BUCKET'; call: string; key: string; text?: string }>;
const ask = (name: string, asked: Ask): Promise<unknown> => gateway.invoke(name, asked);
const inArchive = (call: string, key: string, text?: string) =>
  ask('move-objects', { bucket: 'ARCHIVE_BUCKET', call, key, ...(text !== undefined && { text }) });
const listed = async (query = ''): Promise<any> =>
  (await fetch(`${gateway.url}/_local/objects${query}`)).json();

describe('the deployed bundle of a use case, with the grants of its role as synthesized', () => {
  it('puts, gets, lists, deletes and finds what is absent, under its prefix', async () => {
    expect(await inArchive('put', 'records/1', 'one')).toEqual({});
    expect(await inArchive('get', 'records/1')).toEqual({ gave: 'one' });
    expect(await inArchive('head', 'records/1')).toMatchObject({
      gave: { bytes: 3, storageClass: 'GLACIER_IR' },
    });
    expect(await inArchive('list', 'records/')).toEqual({
      gave: { objects: [{ key: 'records/1', bytes: 3 }] },
    });
    expect(await inArchive('get', 'records/2')).toEqual({ problem: 'absent' });
    expect(await inArchive('delete', 'records/1')).toEqual({});
    expect(await inArchive('get', 'records/1')).toEqual({ problem: 'absent' });
  });

  it.each(['put', 'get', 'head', 'delete', 'list', 'restore'])(
    'is denied %s under another prefix, and the log says what of',
    async (call) => {
      expect(await inArchive(call, 'other/1', 'x')).toEqual({ problem: 'denied' });
      const denials = lines.filter((line) => line.includes('AccessDenied'));
      expect(denials[0]).toContain('CustomerManagement-move-objects  AccessDenied');
      expect(denials[0]).toContain(
        call === 'list' ? `${ARCHIVE} with the prefix 'other/1'` : `${ARCHIVE}/other/1`,
      );
    },
  );

  it('has the grants of its own environment, not those of another function', async () => {
    const ledger = (name: string, call: string, key: string) =>
      ask(name, { bucket: 'LEDGER_BUCKET', call, key, text: 'line' });
    expect(await ledger('write-ledger', 'put', 'erasures/1')).toEqual({});
    expect(await ledger('write-ledger', 'get', 'erasures/1')).toEqual({ problem: 'denied' });
    expect(lines.join()).toContain(
      `CustomerManagement-write-ledger is not authorized to perform s3:GetObject on arn:aws:s3:::${LEDGER}/erasures/1: its role does not allow it.`,
    );
    expect(await ledger('move-objects', 'get', 'erasures/1')).toEqual({ gave: 'line' });
    expect(await ledger('move-objects', 'delete', 'erasures/1')).toEqual({ problem: 'denied' });
    expect(await ledger('move-objects', 'get', 'erasures/1')).toEqual({ gave: 'line' });
  });

  it('logs nothing of a content', async () => {
    await inArchive('put', 'records/secret', 'a-very-secret-text');
    await inArchive('get', 'records/secret');
    await inArchive('get', 'other/secret');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('\n')).not.toContain('a-very-secret-text');
    await inArchive('delete', 'records/secret');
  });
});

describe('GET /_local/objects', () => {
  it('lists every object, or those of one bucket', async () => {
    await inArchive('put', 'records/9', 'nine');
    const [archived, ledgered] = await listed();
    expect(archived).toEqual({
      bucket: ARCHIVE,
      key: 'records/9',
      bytes: 4,
      storageClass: 'GLACIER_IR',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(ledgered).toMatchObject({ bucket: LEDGER, key: 'erasures/1', storageClass: 'STANDARD' });
    expect(await listed(`?bucket=${LEDGER}`)).toEqual([ledgered]);
    expect(await listed('?bucket=none')).toEqual([]);
    expect(existsSync(join(objects, LEDGER, 'erasures', '1@'))).toBe(true);
  });

  it('is not for the pages of other sites', async () => {
    const answer = await fetch(`${gateway.url}/_local/objects`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('another start on the same folder', () => {
  it('finds the objects of the first, and archives to the tier of its settings', async () => {
    await gateway.stop();
    gateway = await start('flexible');
    expect(await inArchive('get', 'records/9')).toEqual({ gave: 'nine' });
    await inArchive('put', 'records/9', 'ten');
    expect(await inArchive('get', 'records/9')).toEqual({ problem: 'archived' });
    expect(await inArchive('restore', 'records/9')).toEqual({});
    expect(await inArchive('get', 'records/9')).toEqual({ gave: 'ten' });
  });
});
