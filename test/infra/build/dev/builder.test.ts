import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Builder, type News, startBuilder } from '#infra/local/dev/builder-process.ts';
import { until } from '#test/infra/local/fixtures/processes.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const STEPS = 'functions/upkeep/get-openapi-document/get-openapi-document.ts';

let folder = '';
let news: News[] = [];
let builder: Builder;
const told = (kind: string): News[] => news.filter((one) => one.kind === kind);

beforeEach(async () => {
  news = [];
  folder = await mkdtemp(join(tmpdir(), 'builder-'));
});
afterEach(async () => {
  await builder.stop();
  await rm(folder, { recursive: true });
});

describe('the builder of npm run dev', () => {
  it('bundles a function with a source map, and again when a file of it is saved', async () => {
    builder = startBuilder(folder, (one) => news.push(one), ['get-openapi-document']);
    await until(() => told('built').length === 1);
    const [first] = told('built');
    const bundle = join(first?.folder ?? '', 'get-openapi-document', 'index.cjs');
    expect(await readFile(bundle, 'utf8')).toContain('sourceMappingURL=index.cjs.map');
    expect(await readFile(`${bundle}.map`, 'utf8')).toContain(STEPS);

    const now = new Date();
    await utimes(join(ROOT, STEPS), now, now);
    await until(() => told('built').length === 2);
    expect(told('stale')[0]).toMatchObject({ names: ['get-openapi-document'], files: [STEPS] });
    expect(told('built')[1]?.names).toEqual(['get-openapi-document']);
    expect(told('built')[1]?.folder).not.toBe(first?.folder);
  });

  it('says what cannot be bundled, and bundles the others', async () => {
    builder = startBuilder(folder, (one) => news.push(one), ['no-such-function', 'get-openapi-document']);
    await until(() => told('built').length > 0 && told('broken').length > 0);
    expect(told('built')[0]?.names).toEqual(['get-openapi-document']);
    expect(told('broken')[0]).toMatchObject({
      names: ['no-such-function'],
      reasons: [expect.stringContaining('lists no-such-function')],
    });
  });
});
