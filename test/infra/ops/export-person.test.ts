import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('export-person');
const folder = mkdtempSync(join(tmpdir(), 'export-person-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

let made = 0;
const aName = (): string => join(folder, String((made += 1)));
const ops = async (...args: string[]): Promise<{ status: number; lines: string[] }> => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines };
};
const exporting = async (
  { businessId }: Business,
  id: string,
  { out = aName(), log = aName(), more = [] as string[] } = {},
) => {
  const who = ['--business', businessId, '--actor', 'ola', '--customer', id];
  const done = await ops('export-person', ...who, '--out', out, '--access-log', log, ...more);
  return { ...done, out, log };
};
const textIn = (out: string, name: string): string => readFileSync(join(out, name), 'utf8');

describe('npm run ops -- export-person', () => {
  it('writes all pages as JSON and a CSV for each section, for the operator only, with one access line', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { firstName: '=1+1', note: '@canary' });
    const consents = Array.from({ length: 2_100 }, (_, index) => ({
      ...{ purpose: 'marketing', channel: 'email', granted: true, source: 'desk', lawfulBasis: 'consent' },
      ...{
        textVersion: `v${String(index)}`,
        givenAt: new Date(0),
        recordedAt: new Date(0),
        role: 'OWNER',
        requestId: 'r',
      },
      ...{ businessId: new Types.ObjectId(business.businessId), customerId: new Types.ObjectId(_id) },
    }));
    await service.database.collection('consent').insertMany(consents);
    const { status, out, log } = await exporting(business, _id);
    expect(status).toBe(0);
    const document = JSON.parse(textIn(out, 'export.json'));
    expect(document).toMatchObject({ object: 'CustomerExport', customer: { _id, firstName: '=1+1' } });
    expect(document.consents.map(({ textVersion }: any) => textVersion)).toEqual(
      consents.map(({ textVersion }) => textVersion),
    );
    expect(document.nextCursor).toBeUndefined();
    expect(readdirSync(out).sort()).toEqual([
      'accesses.csv',
      'changes.csv',
      'consents.csv',
      'customer.csv',
      'export.json',
      'kept.csv',
      'preferences.csv',
      'processing.csv',
    ]);
    expect(textIn(out, 'consents.csv').trim().split('\r\n')).toHaveLength(2_101);
    expect(textIn(out, 'customer.csv')).toMatch(/^\ufeff"_id",.*\r\n.*"'=1\+1".*"'@canary"/);
    for (const name of readdirSync(out)) expect(statSync(join(out, name)).mode & 0o777).toBe(0o600);
    expect(statSync(out).mode & 0o777).toBe(0o700);
    const [line, ...others] = readFileSync(log, 'utf8').trim().split('\n');
    expect(others).toEqual([]);
    expect(JSON.parse(line!)).toMatchObject({
      ...{ message: 'customer-accessed', useCase: 'export-customer', purpose: 'honour-privacy-rights' },
      ...{ actor: 'operator:ola', role: 'OWNER', business: business.businessId, outcome: 'exported' },
      ...{ customers: [_id], fields: expect.arrayContaining(['email', 'consents', 'changes']) },
    });
  });

  it('writes under article 20 what the person gave', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { out } = await exporting(business, _id, { more: ['--article', '20'] });
    expect(readdirSync(out).sort()).toEqual(['customer.csv', 'export.json', 'preferences.csv']);
    expect(JSON.parse(textIn(out, 'export.json')).customer).not.toHaveProperty('note');
  });

  it('never writes into a folder that is there, nor without an access line, and says who is unknown', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const first = await exporting(business, _id);
    const again = await exporting(business, _id, { out: first.out });
    expect([again.status, again.lines.join()]).toEqual([2, expect.stringContaining('exists already')]);
    expect(() => statSync(again.log)).toThrow('ENOENT');
    const unlogged = await exporting(business, _id, { log: join(folder, 'no', 'such', 'folder') });
    expect(unlogged.status).toBe(2);
    expect(() => statSync(unlogged.out)).toThrow('ENOENT');
    for (const id of [aBusinessId(), (await added(aBusiness()))._id]) {
      const { status, out, lines } = await exporting(business, id);
      expect([status, lines.at(-1)]).toEqual([
        1,
        'This business has no customer with this id. Nothing was exported.',
      ]);
      expect(() => statSync(out)).toThrow('ENOENT');
    }
  });
});

describe('npm run ops -- who-saw', () => {
  const [business, customer] = ['b'.repeat(24), 'c'.repeat(24)];
  const line = (more: object = {}): string =>
    JSON.stringify({
      ...{
        message: 'customer-accessed',
        timestamp: '2026-11-29T07:00:00.000Z',
        requestId: 'r1',
        useCase: 'get-customer',
      },
      ...{
        purpose: 'serve-customer',
        actor: 'user-7',
        role: 'SUPPORT',
        business,
        outcome: 'read',
        status: 200,
      },
      ...{ filters: [], fields: ['email', 'phone'], masked: [], customers: [customer], ...more },
    });
  const asking = (lines: readonly string[], ...more: string[]) => {
    const file = aName();
    writeFileSync(file, `${lines.join('\n')}\n`);
    return ops('who-saw', '--lines', file, '--business', business, '--customer', customer, ...more);
  };
  const row = '2026-11-29T07:00:00.000Z\tSUPPORT\tserve-customer\tget-customer\temail, phone';

  it('lists when, in which role, what for and which fields, of this customer in this business only', async () => {
    const { status, lines } = await asking([
      line(),
      `2026-11-29T07:00:00.000Z ${line()}`,
      line({ customers: ['d'.repeat(24)] }),
      line({ business: 'e'.repeat(24) }),
      line({ message: 'access-denied' }),
      '{"message":"another-event"}',
      line({ requestId: 'r2', useCase: 'export-customers', outcome: 'exported', customers: [], count: 9 }),
    ]);
    expect(status).toBe(0);
    expect(lines.slice(0, 2)).toEqual([
      row,
      row.replace('get-customer\temail, phone', 'export-customers\tall'),
    ]);
    expect(lines[2]).toMatch(/^2 accesses in /);
  });

  it('names employees only if it is asked to', async () => {
    const { lines } = await asking([line()], '--staff');
    expect(lines[0]).toBe(row.replace('SUPPORT', 'SUPPORT\tuser-7'));
  });

  it('reads the answer of aws logs filter-log-events', async () => {
    const { lines } = await asking([JSON.stringify({ events: [{ message: line() }, { message: 'START' }] })]);
    expect(lines[0]).toBe(row);
  });

  it.each([
    ['text', 'not a line'],
    ['a line without fields', line({ fields: undefined })],
  ])('names the number of a bad line: %s', async (_what, bad) => {
    const { status, lines } = await asking([line({ business: 'e'.repeat(24) }), bad, line()]);
    expect([status, lines[0]]).toEqual([
      2,
      expect.stringMatching(/^Line 2 of .* is not a line of the access log\./),
    ]);
  });
});

describe('npm run ops -- processing-record', () => {
  it('prints purposes, lawful bases, data and retention', async () => {
    const { status, lines } = await ops('processing-record');
    expect([status, lines.join('\n')]).toEqual([0, expect.stringMatching(/`serve-customer`.*contract/)]);
  });
});
