import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { assembleLocally } from '#infra/local/assemble.ts';
import { closeServer, listen } from '#infra/local/listen.ts';
import { HELP } from '#infra/local/options.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';
import { createShell, pastedLines } from './fixtures/pasted-lines.ts';
import { childrenOf, isRunning, until } from './fixtures/processes.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Bundling, starting, and the first call of each function. */
const STARTED_MS = 180_000;
const START = resolve(ROOT, 'infra/local/start.ts');

describe('npm start', () => {
  const failing = async (
    env: NodeJS.ProcessEnv,
    args: string[] = [],
  ): Promise<{ code: number; stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [START, ...args], {
      env: { ...process.env, PORT: '0', ...env },
    }).then(
      () => ({ code: 0, stdout: '', stderr: '' }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );

  it('exits 1 with one sentence when the port is taken', async () => {
    const server = createServer();
    const port = String(await listen(server, { host: '127.0.0.1', port: 0 }));
    expect(await failing({ PORT: port })).toMatchObject({
      code: 1,
      stderr: `Port ${port} is already in use. Stop the program that uses it, or set PORT to another port.\n`,
    });
    await closeServer(server);
  });

  it.each(['abc', '-1', '65536', '3000.5'])('exits 1 with one sentence for the port "%s"', async (port) => {
    const stderr = `PORT must be a whole number from 0 to 65535, not '${port}'.\n`;
    expect(await failing({ PORT: port })).toMatchObject({ code: 1, stderr });
  });

  it.each(['abc', '-1', '1.5', '1000000'])(
    'exits 1 with one sentence for RESTORE_SECONDS "%s"',
    async (text) => {
      const stderr = `RESTORE_SECONDS must be a whole number from 0 to 999999, not '${text}'.\n`;
      expect(await failing({ RESTORE_SECONDS: text })).toMatchObject({ code: 1, stderr });
    },
  );

  it('says which options and variables there are when it is asked, and where after an unknown option', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [START, '--help']);
    expect(stdout).toBe(`${HELP}\n`);
    const { code, stderr } = await failing({}, ['--hepl']);
    expect([code, stderr]).toEqual([
      1,
      "Unknown option '--hepl'. For a list of options: npm start -- --help\n",
    ]);
  });

  it('exits 1 with one sentence when a database of one’s own would lose its keyring', async () => {
    const { code, stderr } = await failing({ MONGODB_URI: 'mongodb://127.0.0.1:1/x' }, ['--fresh']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      '--fresh deletes the keyring, and without it the data at MONGODB_URI cannot be decrypted. Leave out --fresh or MONGODB_URI.\n',
    );
  });

  it.each([
    [
      'a closed port',
      'mongodb://anna:canary@127.0.0.1:1/x',
      /at 127\.0\.0\.1:1, because the connection was refused\./,
    ],
    ['no connection string', 'canary', /^MONGODB_URI is not a valid MongoDB connection string\./],
  ])('exits 1 before it bundles when MONGODB_URI leads to %s', async (_, uri, problem) => {
    const { code, stdout, stderr } = await failing({ MONGODB_URI: uri });
    expect(code).toBe(1);
    expect(stderr).toMatch(problem);
    expect(stdout + stderr).not.toMatch(/bundling|canary|    at /);
  });

  it('says why when the stack cannot be made, and goes no further', async () => {
    const log: string[] = [];
    const outdir = resolve(ROOT, 'package.json/nowhere');
    const attempt = assembleLocally({
      outdir,
      issuer: 'http://127.0.0.1/_local',
      log: (line) => log.push(line),
    });
    await expect(attempt).rejects.toThrow('Bundling the functions or synthesizing the stack failed.');
    expect(log.join()).toContain('ENOTDIR');
  });

  describe('all the way', () => {
    let lines: string[] = [];

    const start = async (): Promise<ChildProcess> => {
      lines = [];
      // CDK's validation of the templates takes five seconds, and rules.test.ts is about it.
      const quick = { PORT: '0', CDK_VALIDATION: 'false' };
      const env = { ...process.env, ...quick, MONGODB_URI: testDatabaseUri('start') };
      const started = spawn(process.execPath, [START], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      createInterface({ input: started.stdout }).on('line', (line) => lines.push(line));
      await until(() => lines.some((line) => line.startsWith('Press Ctrl-C')) || started.exitCode !== null);
      return started;
    };

    it(
      'says what it does, prints calls that work when pasted, and leaves nothing running',
      async () => {
        const started = await start();
        expect(lines.join('\n')).toMatch(
          /bundling[^]*starting the gateway[^]*migrating the database[^]*ready/,
        );
        expect(lines.join('\n')).toContain('Keep .local/keyring.json: nothing else can decrypt them.');

        const shell = createShell();
        const calls: string[] = [];
        for (const line of pastedLines(lines)) {
          // Until the first call, and for the id, lines set names only.
          if (/^(?:call|curl) /.test(line)) calls.push(line);
          else if (!line.startsWith('ID=')) await shell.paste(line);
        }
        const paste = async (line = ''): Promise<Response> => (await shell.paste(line)) ?? new Response();
        const token = shell.valueOf('TOKEN') ?? '';
        expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
        expect(lines.join('\n')).not.toContain(token);

        const [created, found, contract] = [
          await paste(calls[0]),
          await paste(calls[1]),
          await paste(calls[2]),
        ];
        expect(created.status).toBe(201);
        expect(await found.json()).toMatchObject({ totalSize: 1, items: [{ firstName: 'Anna' }] });
        expect(await contract.json()).toMatchObject({ openapi: '3.1.0' });

        await shell.paste(lines.find((line) => line.startsWith('ID=')) ?? '');
        const id = shell.valueOf('ID');
        expect(id).toBe(((await created.json()) as { _id: string })._id);
        expect((await paste(calls[3])).status).toBe(202);
        const ordersOf = async () => (await (await paste(calls[4])).json()) as any;
        let orders = await ordersOf();
        while (orders.totals.visits === 0) orders = await ordersOf();
        expect(orders).toMatchObject({ items: [{ status: 'done' }], totals: { orders: 1, visits: 1 } });
        let told: any[] = [];
        while (told.length === 0) told = (await (await paste(calls[5])).json()) as any[];
        expect(told).toMatchObject([{ detail: { type: 'beeoclock.customer.created.v1', subject: id } }]);
        const queues = (await (await paste(calls[6])).json()) as any[];
        expect(queues.length).toBeGreaterThan(0);
        for (const { dead } of queues) expect(dead).toBe(0);

        const [consents, recipients, exported, erased, receipt] = [
          await paste(calls[7]),
          await paste(calls[8]),
          await paste(calls[9]),
          await paste(calls[10]),
          await paste(calls[11]),
        ];
        expect(await recipients.json()).toMatchObject({ total: 1, items: [{ _id: id }] });
        expect(await consents.json()).toMatchObject({ added: 1, current: [{ granted: true, proven: true }] });
        expect(await exported.json()).toMatchObject({
          object: 'CustomerExport',
          customer: { firstName: 'Anna' },
          consents: [{ purpose: 'marketing' }],
        });
        expect(erased.status).toBe(200);
        expect(await receipt.json()).toMatchObject({ erasureId: id, status: 'done' });
        expect(await (await paste(calls[12])).json()).toMatchObject({
          outcome: 'finished',
          ledgered: 1,
        });

        // Pasted once more, the order is of the new Anna.
        await paste(calls[0]);
        await shell.paste(lines.find((line) => line.startsWith('ID=')) ?? '');
        expect(shell.valueOf('ID')).not.toBe(id);
        await paste(calls[3]);
        while ((await ordersOf()).totals.visits === 0) continue;
        expect(lines[lines.indexOf(calls[4] ?? '') - 1]).toBe('sleep 2');

        const health = await paste(`curl ${new URL('/_local/health', contract.url).href}`);
        expect(await health.json()).toEqual({ engine: 'external', mongodbUri: expect.any(String) });

        const shown = lines.slice(lines.findIndex((line) => line.startsWith('Press Ctrl-C')));
        const withoutTime = shown.map((line) => line.replace(/ {2}\d+ ms/, ''));
        expect(withoutTime).toEqual(
          expect.arrayContaining([
            'POST /api/v1/customer  201  create-customer',
            'GET /api/v1/customer/paged  200  find-customers',
            `GET /api/v1/customer/${id ?? ''}/orders  200  find-orders`,
            'message  changed  record-order',
            'task  finished  finish-erasures',
            'POST /_local/schedules/finish-erasures/run  200',
          ]),
        );
        expect(shown.join('\n')).not.toMatch(/phrase|anna|"level"|\u001b/i);

        const children = await childrenOf(started.pid ?? 0);
        expect(children.length).toBeGreaterThanOrEqual(3);
        started.kill('SIGINT');
        expect(await once(started, 'exit')).toEqual([0, null]);
        expect(children.filter(isRunning)).toEqual([]);
      },
      STARTED_MS,
    );
  });
});
