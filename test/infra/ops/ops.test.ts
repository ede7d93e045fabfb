import { execFile } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
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
  it('lists every command, and ends with status 2 when none is given', async () => {
    const { status, stdout } = await ops(['--help']);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `);
    expect(status).toBe(0);
    expect((await ops([])).status).toBe(2);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    '%s --help says what it does, without a database',
    async (name) => {
      const { status, text } = await here([name, '--help'], { MONGODB_URI: '', KEYRING_FILE: '' });
      expect(text.startsWith(`Usage: npm run ops -- ${name}`)).toBe(true);
      expect(status).toBe(0);
    },
  );

  it.each([
    [['no-such-command'], {}, "Unknown command 'no-such-command'."],
    [['verify-histories'], {}, 'Missing --business or --all.'],
    [['verify-histories', '--all', '--business', 'x'], {}, 'Use either --business or --all, not both.'],
    [['verify-histories', '--business', 'x'], {}, '--business must be an id of 24 hexadecimal digits.'],
    [['verify-histories', '--all', '--after', 'x'], {}, '--after must be <business id>/<customer id>, as'],
    [['recount-activity', '--all', '--after', 'x'], {}, '--after must be <business id>/<customer id>, as'],
    [['recount-activity'], {}, 'Use --business <id> to count one business, or --all'],
    [['verify-histories', '--all', '--before', 'x'], {}, "Unknown option '--before'"],
    [['purge', '--largest-share', '2'], {}, '--largest-share must be a number from 0 to 1.'],
    [['purge'], { MONGODB_URI: '' }, 'Missing MONGODB_URI. Set it, or add --local'],
    [['purge'], { KEYRING_FILE: '/no/such/file' }, 'No keyring file at /no/such/file'],
    [['purge', '--local'], { PORT: '1' }, 'No npm start answers at http://127.0.0.1:1/_local/health.'],
    [['keyring', 'mend'], {}, 'Name one step after keyring: new, add, use, drop or add-pepper.'],
    [['keyring', 'add', '--id', 'k1'], {}, 'Missing --file.'],
    [['keyring', 'add', '--file', '/no/such/file', '--id', 'k1'], {}, 'Cannot read /no/such/file.'],
    [['keyring', 'add', '--file', 'a', '--id', 'K 1'], {}, '--id must be 1 to 16 characters'],
    [['keyring', 'add-pepper', '--file', 'a', '--id', 'k1'], {}, 'add-pepper takes no --id.'],
  ])('%j with %j is a sentence and status 2', async (args, environment, sentence) => {
    const { status, text } = await here(args, environment);
    expect(text.startsWith(sentence)).toBe(true);
    expect(text).not.toContain('    at ');
    expect(status).toBe(2);
  });

  it('says why a database cannot be used, with its host and port and without its user', async () => {
    const { status, stderr } = await ops(['migrate'], { MONGODB_URI: 'mongodb://user:canary@127.0.0.1:1/a' });
    expect(stderr).toBe(
      'MONGODB_URI: cannot use the database at 127.0.0.1:1, because the connection was refused. ' +
        'Start MongoDB there, or correct the host and port.\n',
    );
    expect(status).toBe(1);
  });

  it('does nothing when the database is up to date', async () => {
    expect(await ops(['migrate'])).toEqual({
      status: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
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

  it('reports nothing when no history was altered', async () => {
    const { status, stdout } = await verify();
    expect(stdout).toBe('3 histories checked, 0 failed\n');
    expect(status).toBe(0);
  });

  it('continues after the given place', async () => {
    expect((await verify('--after', `${business.businessId}/${String(ids[1])}`)).stdout).toMatch(
      /^1 history checked/,
    );
  });

  it('names the customer whose history was altered, and fails', async () => {
    const [, altered = ''] = ids;
    await service.database
      .collection('customer_audit')
      .updateOne({ customerId: new Types.ObjectId(altered) }, { $set: { actor: 'somebody-else' } });
    const { status, stdout } = await verify();
    expect(stdout).toBe(`${business.businessId} ${altered} broken-history\n3 histories checked, 1 failed\n`);
    expect(status).toBe(1);
    const everywhere = await ops(['verify-histories', '--all']);
    expect(everywhere.stdout).toContain(`${altered} broken-history`);
    expect(everywhere.status).toBe(1);
  });
});

describe('replay-erasures', () => {
  it('counts, and writes only with --erase; says what it needs, and names a line that is none', async () => {
    expect(await ops(['replay-erasures'], { LEDGER_BUCKET: '' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Missing LEDGER_BUCKET.'),
    });
    expect(await ops(['replay-erasures'])).toMatchObject({
      status: 0,
      stdout: 'dry-run: 0 lines in 0 files, 0 customers to erase again\n',
    });
    await service.ledger.put('erasures/2026/01/01/x.ndjson', 'Anna\n');
    expect(await ops(['replay-erasures', '--erase'])).toMatchObject({
      status: 1,
      stdout: 'unreadable: 0 lines in 0 files, 0 customers erased again\n',
      stderr: expect.stringContaining('erasures/2026/01/01/x.ndjson: line 1 is none'),
    });
  });
});

describe('purge', () => {
  it('counts the due customers in a dry run, and removes them in a real one', async () => {
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
  it('rotate the keys of a file step by step, and never print a key', async () => {
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
    expect(left?.stdout).toMatch(
      /^dry-run: 0 re-encrypted with k2\nk1 is still needed by \d+ records of customer_link\n/,
    );
    expect(done?.stdout).toMatch(/^finished: [1-9]\d* re-encrypted with k2\n/);
    // The altered history of before: it must not come out whole, and so its key is still needed.
    expect(done?.stdout).toContain('\nk1 is still needed by 1 record of customer_link\n');
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

  it('new creates a file and never replaces one', async () => {
    const file = join(folder, 'new.json');
    expect((await here(['keyring', 'new', '--file', file, '--id', 'k1'])).status).toBe(0);
    const made = readFileSync(file, 'utf8');
    expect(await ops(['keyring', 'new', '--file', file, '--id', 'k9'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exists already'),
    });
    expect(readFileSync(file, 'utf8')).toBe(made);
  });

  it('new gives a pepper, the other steps keep it, and add-pepper adds one only where there is none', async () => {
    const file = join(folder, 'pepper.json');
    const read = (): { pepper?: string } => JSON.parse(readFileSync(file, 'utf8'));
    await here(['keyring', 'new', '--file', file, '--id', 'k1']);
    const { pepper, ...without } = read();
    expect(pepper).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    for (const [step, id] of [
      ['add', 'k2'],
      ['use', 'k2'],
      ['drop', 'k1'],
    ] as const)
      expect((await here(['keyring', step, '--file', file, '--id', id])).status).toBe(0);
    expect(read().pepper).toBe(pepper);
    const again = await here(['keyring', 'add-pepper', '--file', file]);
    expect([again.status, again.text]).toEqual([2, expect.stringContaining('has a pepper already')]);
    writeFileSync(file, JSON.stringify(without));
    const trial = await here(['keyring', 'add-pepper', '--file', file, '--dry-run']);
    expect([trial.status, read()]).toEqual([0, without]);
    const added = await here(['keyring', 'add-pepper', '--file', file]);
    expect([added.status, added.text]).toEqual([0, expect.not.stringContaining(String(read().pepper))]);
    expect(read()).toEqual({ ...without, pepper: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) });
    expect(read().pepper).not.toBe(pepper);
  });

  it('new and add never write through a link', async () => {
    const [target, to, nowhere] = ['linked.json', 'link.json', 'dangling.json'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    expect((await here(['keyring', 'new', '--file', target, '--id', 'k1'])).status).toBe(0);
    symlinkSync(target, to);
    symlinkSync(`${target}-nothing`, nowhere);
    const before = readFileSync(target, 'utf8');
    for (const file of [to, nowhere]) {
      const made = await here(['keyring', 'new', '--file', file, '--id', 'k2']);
      expect([made.status, made.text]).toEqual([2, expect.stringContaining(`${file} exists already.`)]);
      const grown = await here(['keyring', 'add', '--file', file, '--id', 'k2']);
      expect([grown.status, grown.text]).toEqual([2, expect.stringContaining(`${file} is a link.`)]);
      expect(lstatSync(file).isSymbolicLink()).toBe(true);
    }
    expect(readFileSync(target, 'utf8')).toBe(before);
    expect(existsSync(`${target}-nothing`)).toBe(false);
  });

  it('add, use and drop refuse an existing or missing key and leave the file unchanged', async () => {
    const file = join(folder, 'new.json');
    const before = readFileSync(file, 'utf8');
    expect((await here(['keyring', 'add', '--file', file, '--id', 'k1'])).text).toContain(
      'The keyring already has a key k1.',
    );
    expect((await here(['keyring', 'use', '--file', file, '--id', 'k3'])).text).toContain(
      'The keyring has no key k3.',
    );
    expect((await here(['keyring', 'drop', '--file', file, '--id', 'k3'])).text).toContain(
      'The keyring has no key k3.',
    );
    writeFileSync(join(folder, 'torn.json'), '{"current":"k1"');
    expect(await ops(['keyring', 'add', '--file', join(folder, 'torn.json'), '--id', 'k2'])).toMatchObject({
      status: 1,
      stderr: 'The keyring is not usable: it is not JSON.\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
