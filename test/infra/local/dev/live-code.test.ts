import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Built } from '#infra/local/console/human-lines.ts';
import type { News } from '#infra/local/dev/builder-process.ts';
import { LiveCode } from '#infra/local/dev/live-code.ts';
import { shortName } from '#infra/local/console/human-lines.ts';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { fixtureAssembly } from '../fixtures/fixture-assembly.ts';
import { call } from '../fixtures/http-call.ts';
import { until } from '../fixtures/processes.ts';

let gateway: Gateway;
let live: LiveCode;
let folder = '';
let name = '';
let built: Built[] = [];
let broken: string[] = [];
let preferred: string[] = [];
let logged: string[] = [];

const news = (more: Partial<News>): News => ({
  ...{ kind: '', names: [], files: [], reasons: [], folder: '' },
  ...more,
});

/** A bundle that answers this text, as esbuild writes one with a source map. */
const bundle = async (generation: string, code: string): Promise<string> => {
  const place = join(folder, generation, name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'index.cjs'), code);
  return join(folder, generation);
};
const answering = (text: string): string =>
  `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(text)} });`;
const ask = async (): Promise<string> => (await call(gateway.url, { path: '/echo' })).text;

const start = async (inspect?: string): Promise<void> => {
  built = [];
  broken = [];
  preferred = [];
  logged = [];
  live = new LiveCode({
    inspect,
    printer: {
      say: () => undefined,
      built: (one) => built.push(one),
      broken: (reason) => broken.push(reason),
    },
    now: () => 0,
  });
  gateway = await startGateway({
    assembly: await fixtureAssembly(),
    develop: live.develop,
    log: (_name, line) => logged.push(line),
  });
  name =
    Object.keys(gateway.environments())
      .map(shortName)
      .find((one) => /echo/i.test(one)) ?? '';
  live.begin(gateway, { prefer: (names) => preferred.push(...names) });
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-code-'));
});
afterEach(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

describe('npm run dev', () => {
  it('serves the newest bundle, in new environments', async () => {
    await start();
    await ask();
    const before = Object.values(gateway.environments()).flat();
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('1', answering('one')) }));
    expect(await ask()).toBe('one');
    expect(Object.values(gateway.environments()).flat()).not.toEqual(before);
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('2', answering('two')) }));
    expect(await ask()).toBe('two');
  });

  it('lets a call wait for the bundle of what was saved before it, and asks for that first', async () => {
    await start();
    await live.take(news({ kind: 'stale', names: [name], files: ['lib/rules.ts'] }));
    const asked = ask();
    await until(() => preferred.includes(name));
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('1', answering('one')) }));
    expect(await asked).toBe('one');
    expect(built).toEqual([{ names: [name], durationMs: 0 }]);
  });

  it('lets an invocation end that began before', async () => {
    await start();
    const slow =
      'exports.handler = () => new Promise((done) => setTimeout(done, 300, { statusCode: 200, body: "old" }));';
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('1', slow) }));
    const asked = ask();
    await until(() => Object.values(gateway.environments()).flat().length > 0);
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('2', answering('new')) }));
    expect(await asked).toBe('old');
    expect(await ask()).toBe('new');
  });

  it('serves what was there when a file is broken, and says why once', async () => {
    await start();
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('1', answering('one')) }));
    await live.take(news({ kind: 'stale', names: [name, 'other'], files: ['lib/rules.ts'] }));
    const asked = ask();
    for (const broken of ['other', name])
      await live.take(
        news({ kind: 'broken', names: [broken], reasons: ['lib/rules.ts:1:2: Unexpected "}"'] }),
      );
    expect(await asked).toBe('one');
    expect(broken).toEqual(['lib/rules.ts:1:2: Unexpected "}"']);
    expect(built).toEqual([]);
  });

  it('lets no call wait any more when the process that bundles has ended', async () => {
    await start();
    await live.take(news({ kind: 'stale', names: [name], files: ['lib/rules.ts'] }));
    const asked = ask();
    await live.take(news({ kind: 'ended' }));
    expect(await asked).toContain('routeKey');
    expect(broken[0]).toContain('Restart npm run dev');
  });

  it('prints where a debugger finds the one function to inspect', async () => {
    await start(name === '' ? 'echo' : name);
    await live.take(news({ kind: 'built', names: [name], folder: await bundle('1', answering('one')) }));
    await until(() => logged.some((line) => /^Debugger listening on ws:\/\/127\.0\.0\.1:\d+\//.test(line)));
    expect(preferred).toContain(name);
    expect(live.develop.nodeOptions({ name: 'x-other' } as never)).toEqual(['--enable-source-maps']);
  });

  it('refuses to inspect what does not exist, and lists what does', async () => {
    await expect(start('no-such')).rejects.toThrow(/^--inspect must name a function: .*echo/i);
  });
});
