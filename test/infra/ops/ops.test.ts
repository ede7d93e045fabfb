import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/commands.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { useService } from '#test/support/service.ts';

const service = useService('ops');
const OPS = resolve(import.meta.dirname, '../../../infra/ops/ops.ts');
const folder = mkdtempSync(join(tmpdir(), 'ops-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line as a process, as an operator does; beside this one, which the wire probe runs in. */
const ops = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: number; stdout: string; stderr: string }> =>
  new Promise((resolve_) => {
    const env = { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT', ...environment };
    const child = execFile(process.execPath, [OPS, ...args], { env }, (_error, stdout, stderr) => {
      resolve_({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });

/** The same within this process, for what asks no database: a hundred times as quick. */
const here = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  let status: number | undefined;
  try {
    const lines = await linesWrittenBy(async () => {
      status = await runCommandLine(args, COMMANDS);
    });
    return { status, text: lines.join('\n') };
  } finally {
    process.env = before;
  }
};

describe('npm run ops', () => {
  it('lists every command, and says that it wants one', async () => {
    const { status, stdout } = await ops(['--help']);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `);
    expect(status).toBe(0);
    expect((await ops([])).status).toBe(2);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    '%s --help says what it does, without a database',
    async (name) => {
      const { status, text } = await here([name, '--help'], { MONGODB_URI: '', KEYRING_FILE: '' });
      expect(text).toContain(`npm run ops -- ${name}\n`);
      expect(status).toBe(0);
    },
  );

  it.each([
    [['no-such-command'], {}, "There is no command 'no-such-command'."],
    [['verify-histories'], {}, 'Say either --business <id> or --all.'],
    [['verify-histories', '--all', '--business', 'x'], {}, 'Say either --business <id> or --all.'],
    [['verify-histories', '--business', 'x'], {}, '--business takes an id of 24 hexadecimal digits.'],
    [['verify-histories', '--all', '--after', 'x'], {}, '--after takes an id of 24 hexadecimal digits.'],
    [['verify-histories', '--all', '--before', 'x'], {}, "Unknown option '--before'"],
    [['purge', '--largest-share', '2'], {}, '--largest-share takes a number from 0 to 1.'],
    [['purge'], { MONGODB_URI: '' }, 'Set MONGODB_URI, or say --local'],
    [['purge'], { KEYRING_FILE: '/no/such/file' }, 'There is no keyring at /no/such/file'],
    [['purge', '--local'], { PORT: '1' }, 'No npm start answers at http://127.0.0.1:1/_local/health.'],
    [['keyring', 'mend'], {}, 'Say one of new, add, use, drop.'],
    [['keyring', 'add', '--id', 'k1'], {}, 'Say --file <file> and --id <key>.'],
    [['keyring', 'add', '--file', '/no/such/file', '--id', 'k1'], {}, '/no/such/file cannot be read.'],
    [['keyring', 'add', '--file', 'a', '--id', 'K 1'], {}, '--id takes 1 to 16 characters'],
  ])('%j with %j is a sentence and status 2', async (args, environment, sentence) => {
    const { status, text } = await here(args, environment);
    expect(text.startsWith(sentence)).toBe(true);
    expect(text).not.toContain('    at ');
    expect(status).toBe(2);
  });

  it('says that a database cannot be reached, without its address', async () => {
    const { status, stderr } = await ops(['migrate'], { MONGODB_URI: 'mongodb://user:canary@127.0.0.1:1/a' });
    expect(stderr).toBe('The database cannot be reached. Try again.\n');
    expect(status).toBe(1);
  });

  it('migrates what is migrated already', async () => {
    expect(await ops(['migrate'])).toEqual({ status: 0, stdout: 'Nothing was missing.\n', stderr: '' });
  });
});

describe('verify-histories', () => {
  let business: Business;
  let ids: string[];
  beforeAll(async () => {
    business = aBusiness();
    ids = [];
    for (let count = 0; count < 3; count += 1) ids.push((await added(business))._id);
    ids.sort();
  });
  const verify = (...more: string[]) => ops(['verify-histories', '--business', business.businessId, ...more]);

  it('raises nothing where nothing was altered', async () => {
    const { status, stdout } = await verify();
    expect(stdout).toBe('3 histories checked, 0 not as they were written\n');
    expect(status).toBe(0);
  });

  it('goes on where it is told to', async () => {
    expect((await verify('--after', `${business.businessId}/${String(ids[1])}`)).stdout).toMatch(
      /^1 histories checked/,
    );
  });

  it('names who has an altered history, and fails', async () => {
    const [, altered = ''] = ids;
    await service.database
      .collection('customer_audit')
      .updateOne({ customerId: new Types.ObjectId(altered) }, { $set: { actor: 'somebody-else' } });
    const { status, stdout } = await verify();
    expect(stdout).toBe(
      `${business.businessId} ${altered} broken-history\n3 histories checked, 1 not as they were written\n`,
    );
    expect(status).toBe(1);
    const everywhere = await ops(['verify-histories', '--all']);
    expect(everywhere.stdout).toContain(`${altered} broken-history`);
    expect(everywhere.status).toBe(1);
  });
});

describe('purge', () => {
  it('says what is due, and takes it when it is told to', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    await makeDue(service, business, _id);
    expect((await ops(['purge', '--dry-run'])).stdout).toBe('dry-run: 1 due, 0 purged\n');
    expect((await business.get(_id)).status).toBe(200);
    expect(await ops(['purge'], { PURGE_SWITCH: 'off' })).toMatchObject({
      status: 1,
      stdout: 'switched-off: 0 due, 0 purged\n',
    });
    expect(await ops(['purge'])).toMatchObject({ status: 0, stdout: 'finished: 1 due, 1 purged\n' });
    expect((await business.get(_id)).status).toBe(404);
  });
});

describe('keyring and reencrypt', () => {
  it('rotate the keys of a file step by step, and never print one', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const file = join(folder, 'keyring.json');
    const before = readFileSync(process.env['KEYRING_FILE'] ?? '', 'utf8');
    writeFileSync(file, before);
    const step = (...args: string[]) => ops([...args, '--file', file], { KEYRING_FILE: file });
    const output = [
      await step('keyring', 'add', '--id', 'k2', '--dry-run'),
      await step('keyring', 'add', '--id', 'k2'),
      await step('keyring', 'use', '--id', 'k2'),
      await ops(['reencrypt', '--dry-run'], { KEYRING_FILE: file }),
      await ops(['reencrypt'], { KEYRING_FILE: file }),
    ];
    const [, , , left, done] = output;
    expect(left?.stdout).toMatch(/^dry-run: 0 written anew with k2\n\d+ of customer_link still need k1\n/);
    expect(done?.stdout).toMatch(/^finished: [1-9]\d* written anew with k2\n/);
    // The altered history of before: it must not come out whole, and so its key is still needed.
    expect(done?.stdout).toContain('\n1 of customer_link still need k1\n');
    expect(done).toMatchObject({ status: 1, stderr: expect.stringMatching(/ broken-history\n$/) });
    expect((await step('keyring', 'drop', '--id', 'k2')).stderr).toContain('k2 is the current key.');
    const ring: { current: string; keys: Record<string, string> } = JSON.parse(readFileSync(file, 'utf8'));
    expect([ring.current, ...Object.keys(ring.keys)]).toEqual(['k2', 'k1', 'k2']);
    expect(ring.keys['k1']).toBe(JSON.parse(before).keys.k1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const printed = output.map(({ stdout, stderr }) => stdout + stderr).join();
    for (const key of Object.values(ring.keys)) expect(printed).not.toContain(key);
    expect(parseKeyring(readFileSync(file, 'utf8')).current).toBe('k2');
    expect((await business.history(_id)).body.items).toHaveLength(1);
  });

  it('new makes a file once and never replaces one', async () => {
    const file = join(folder, 'new.json');
    expect((await here(['keyring', 'new', '--file', file, '--id', 'k1'])).status).toBe(0);
    const made = readFileSync(file, 'utf8');
    expect(await ops(['keyring', 'new', '--file', file, '--id', 'k9'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is there already'),
    });
    expect(readFileSync(file, 'utf8')).toBe(made);
  });

  it('add and drop refuse a key that is there, or is not, and leave the file as it is', async () => {
    const file = join(folder, 'new.json');
    const before = readFileSync(file, 'utf8');
    expect((await here(['keyring', 'add', '--file', file, '--id', 'k1'])).text).toContain(
      'There is a key k1 already.',
    );
    expect((await here(['keyring', 'use', '--file', file, '--id', 'k3'])).text).toContain(
      'There is no key k3.',
    );
    expect((await here(['keyring', 'drop', '--file', file, '--id', 'k3'])).text).toContain(
      'There is no key k3.',
    );
    writeFileSync(join(folder, 'torn.json'), '{"current":"k1"');
    expect(await ops(['keyring', 'add', '--file', join(folder, 'torn.json'), '--id', 'k2'])).toMatchObject({
      status: 1,
      stderr: 'The keyring is not usable: it is not JSON.\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
