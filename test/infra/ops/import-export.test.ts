import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { learnPersonal } from '#test/support/leak-watch.ts';
import { startOps } from '#test/support/ops-process.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { countIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf, testDatabaseEngine } from '#test/support/test-database.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('import-export');
const folder = mkdtempSync(join(tmpdir(), 'import-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

let files = 0;
const aFile = (text: string | Uint8Array, ending = 'csv'): string => {
  const file = join(folder, `${String((files += 1))}.${ending}`);
  writeFileSync(file, text);
  return file;
};
const ops = async (...args: string[]): Promise<{ status: number; lines: string[] }> => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines };
};
const who = ({ businessId }: Business) => ['--business', businessId, '--actor', 'ola'];
const importing = (business: Business, file: string, ...more: string[]) =>
  ops('import', file, ...who(business), '--yes', ...more);
const exporting = async (business: Business, format: 'csv' | 'ndjson', ...more: string[]) => {
  const out = join(folder, `out-${String((files += 1))}.${format}`);
  const log = join(folder, `log-${String(files)}`);
  const to = ['--out', out, '--access-log', log];
  const done = await ops('export', ...who(business), '--format', format, ...to, ...more);
  return { ...done, out, text: readFileSync(out, 'utf8'), log: JSON.parse(readFileSync(log, 'utf8')) };
};
const summary = (text: string) => expect.stringMatching(new RegExp(`^${text}; [\\d,]+ lines per second$`));
const everybody = async (business: Business): Promise<any[]> =>
  (await business.find({ pageSize: '1000', orderBy: 'id', orderDir: 'asc' })).body.items;
const refusedIn = (file: string): any[] =>
  readFileSync(`${file}.refused.ndjson`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('npm run ops -- import', () => {
  it.each([
    [
      'English, commas',
      'First Name,Last Name,E-mail,Mobile,Comments\nAnna,Canary,a@b.example,512 345 678,hi\n',
    ],
    [
      'Polish, semicolons',
      '\ufeffImię;Nazwisko;Adres e-mail;Numer telefonu;Uwagi\r\nAnna;Canary;a@b.example;48512345678;hi\r\n',
    ],
    [
      'German, tabs',
      'Vorname\tNachname\tE-Mail\tHandy\tNotiz\nAnna\tCanary\ta@b.example\t0048 512 345 678\thi',
    ],
    [
      'Ukrainian',
      'Ім’я,Прізвище,Електронна пошта,Номер телефону,Примітка\nAnna,Canary,a@b.example,48512345678,hi\n',
    ],
    [
      'quoted cells',
      '"First name","Last name",Email,Phone,Note\n"Anna","Canary","a@b.example","48512345678","hi"\n',
    ],
  ])('knows the columns of a file: %s', async (_what, text) => {
    const business = aBusiness();
    expect((await importing(business, aFile(text))).status).toBe(0);
    expect(await everybody(business)).toMatchObject([
      { firstName: 'Anna', lastName: 'Canary', email: 'a@b.example', phone: '48512345678', note: 'hi' },
    ]);
  });

  it('maps named columns, skips columns, and reads quotes and line breaks in cells', async () => {
    const business = aBusiness();
    const file = aFile('Given,Tel.,Remark\nAnna,1,"a ""canary"",\nand more"\n');
    const map = ['--map', 'Given=firstName,Tel=-,Remark=note', '--type', 'new'];
    expect((await importing(business, file, ...map)).status).toBe(0);
    expect(await everybody(business)).toMatchObject([
      { firstName: 'Anna', phone: null, note: 'a "canary",\nand more', customerType: 'new' },
    ]);
  });

  const BAD = [
    'firstName,email,phone,customerType,note',
    'Good,one@b.example,48512345601,regular,"two',
    'lines"',
    'NoPhone,two@b.example,,regular,',
    'Wrong,canary-no-email,48512345602,regular,',
    'Twice,ONE@b.example,48512345603,regular,',
    'Taken,taken@b.example,48512345604,regular,',
    'Type,x@b.example,48512345605,vip,',
    `${'n'.repeat(51)},y@b.example,48512345606,regular,`,
    'Cells,z@b.example,48512345607,regular,,surplus',
    '',
    'Last,last@b.example,48512345608,regular,',
  ].join('\n');
  const EXPECTED = [
    [4, 'phone', 'regular-requires-phone'],
    [5, 'email', 'email-format'],
    [6, 'email', 'duplicate-email'],
    [7, 'email', 'duplicate-email'],
    [8, 'customerType', 'invalid-value'],
    [9, 'firstName', 'too-big'],
    [10, '#', 'more-cells-than-header'],
  ];
  const rulesIn = (refused: any[]) =>
    refused.flatMap(({ line, findings }) => findings.map(({ field, rule }: any) => [line, field, rule]));

  it('refuses a line that is nested too deep or has too many members, and imports the others', async () => {
    const business = aBusiness();
    const line = (more: string) => `{"firstName":"Anna","customerType":"new","syncErrors":${more}}`;
    const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const file = aFile(
      [
        line(lists(19)),
        line(lists(20)),
        line(lists(5_000)),
        line(`[${'0,'.repeat(300_000)}0]`),
        line('[]'),
      ].join('\n'),
      'ndjson',
    );
    expect((await importing(business, file, '--format', 'ndjson')).status).toBe(1);
    expect(rulesIn(refusedIn(file))).toEqual([2, 3, 4].map((number) => [number, '#', 'malformed']));
    expect(await everybody(business)).toHaveLength(2);
  });

  it('lists every refused line in a dry run, never a value, and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'taken@b.example' });
    const file = aFile(BAD);
    const { status, lines } = await expectNothingWritten(service, () =>
      importing(business, file, '--dry-run'),
    );
    expect(status).toBe(1);
    expect(rulesIn(refusedIn(file))).toEqual(EXPECTED);
    expect(lines).toContain(`line 7: email: duplicate-email, same as customer ${_id}`);
    expect(lines).toContain('line 6: email: duplicate-email, same as line 2');
    expect(lines).toContainEqual(summary('2 would be imported, 0 already imported, 7 refused'));
    expect(lines.join('\n') + readFileSync(`${file}.refused.ndjson`, 'utf8')).not.toMatch(
      /@b\.example|canary|4851/,
    );
  });

  it('imports the good lines, each with a history, and lists the others in its report', async () => {
    const business = aBusiness();
    await added(business, { email: 'taken@b.example' });
    const file = aFile(BAD);
    expect((await importing(business, file)).status).toBe(1);
    expect(rulesIn(refusedIn(file))).toEqual(EXPECTED);
    expect((await everybody(business)).map(({ firstName }) => firstName).sort()).toEqual([
      'Anna Canary',
      'Good',
      'Last',
    ]);
    const entries = await documentsIn(service, 'customer_audit', {
      businessId: business.businessId,
      actor: 'operator:ola',
    });
    expect(entries.map(({ action, purpose, role }) => [action, purpose, role])).toEqual(
      Array(2).fill(['create-customer', 'take-over-records', 'OWNER']),
    );
  });

  it('prints the columns, and without --yes or a terminal imports nothing', async () => {
    const business = aBusiness();
    const file = aFile('First name,Email,City\nAnna,canary@b.example,Town\n');
    const { status, lines } = await expectNothingWritten(service, () =>
      ops('import', file, ...who(business), '--type', 'new'),
    );
    expect(status).toBe(2);
    expect(lines.join('\n')).toMatch(/#2 Email +email +xxxxxx@x\.xxxxxxx/);
    expect(lines.join('\n')).toMatch(/#3 City +left out +Xxxx/);
    expect(lines.join('\n')).toContain('Nothing was imported. Check the columns above.');
    expect(existsSync(`${file}.refused.ndjson`)).toBe(false);
    expect((await importing(business, file, '--type', 'new')).status).toBe(0);
    expect(await everybody(business)).toMatchObject([{ firstName: 'Anna' }]);
  });

  it('needs no answer for a dry run or for NDJSON, which has no columns', async () => {
    const business = aBusiness();
    const csv = aFile('firstName\nAnna\n');
    expect((await ops('import', csv, ...who(business), '--type', 'new', '--dry-run')).status).toBe(0);
    const ndjson = aFile('{"firstName":"Anna","customerType":"new"}\n', 'ndjson');
    expect((await ops('import', ndjson, ...who(business))).status).toBe(0);
    expect(await everybody(business)).toHaveLength(1);
  });

  it('measures after cleaning, reads values whatever their case, and says what is allowed', async () => {
    const business = aBusiness();
    const pad = (text: string, length: number) => text.padEnd(length);
    const file = aFile(
      [
        'First name,Last name,Email,Phone,State,Customer type',
        `${pad('Ola', 60)},${pad('Test', 60)},${pad('ola@b.example', 300)},${pad('+48 512 345 635', 60)},Active ,REGULAR`,
        `  ${'Ewa'.padEnd(61, 'x')} ,,b@b.example,+48 512 345 636,Enabled,VIP`,
        'Iga,Test,c@b.example,+48 512 345 637,,,extra',
      ].join('\r\n'),
    );
    const { lines } = await importing(business, file, '--dry-run');
    const { status } = await importing(business, file);
    expect(status).toBe(1);
    expect(await everybody(business)).toMatchObject([
      {
        firstName: 'Ola',
        lastName: 'Test',
        email: 'ola@b.example',
        state: 'active',
        customerType: 'regular',
      },
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'line 3: firstName: too-big, length 61, limit 50',
        'line 3: customerType: invalid-value, must be one of: regular, unregistered, new, anonymous',
        'line 3: state: invalid-value, must be one of: active, suspended, archived, deleted, inactive',
        'line 4: #: more-cells-than-header',
      ]),
    );
    expect(refusedIn(file)[0].findings).toContainEqual({
      field: 'firstName',
      rule: 'too-big',
      length: 61,
      limit: 50,
    });
  });

  it('names the earlier of two equal lines, even if it is still being written or was much earlier', async () => {
    const business = aBusiness();
    const rows = Array.from(
      { length: 650 },
      (_, at) => `Anna,${[100, 300, 640].includes(at) ? 'twin' : `c${String(at)}`}@b.example`,
    );
    const file = aFile(['firstName,email', ...rows].join('\n'));
    expect((await importing(business, file, '--type', 'new')).status).toBe(1);
    const twin = { field: 'email', rule: 'duplicate-email' };
    const { _id } = (await business.lookUp({ email: 'twin@b.example' })).body;
    expect(refusedIn(file)).toEqual([
      { line: 302, findings: [{ ...twin, line: 102 }] },
      { line: 642, findings: [{ ...twin, existing: _id }] },
    ]);
    expect(await everybody(business)).toHaveLength(648);
  });

  it('writes nothing with --all-or-nothing when a line is refused', async () => {
    const business = aBusiness();
    const { status } = await expectNothingWritten(service, () =>
      importing(business, aFile(BAD), '--all-or-nothing'),
    );
    expect(status).toBe(1);
  });

  it('skips imported customers when it runs again, even if they were changed, deleted or purged', async () => {
    const business = aBusiness();
    const rows = Array.from(
      { length: 450 },
      (_, at) => `Anna,${String(at)}@b.example,485123${String(at).padStart(5, '0')}`,
    );
    const file = aFile(['firstName,email,phone', ...rows].join('\n'));
    expect((await importing(business, file)).lines).toContainEqual(
      summary('450 imported, 0 already imported, 0 refused'),
    );
    const [one, other, third] = await everybody(business);
    await business.change(one._id, { email: 'new@b.example' });
    await business.delete(other._id);
    await makeDue(service, business, third._id);
    await run(purge, { largestShare: 1 });
    const again = await importing(business, file);
    expect([again.status, again.lines.at(-1)]).toEqual([
      0,
      summary('0 imported, 450 already imported, 0 refused'),
    ]);
    expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(449);
  });

  it.each([
    ['no business', ['import', 'x.csv', '--actor', 'ola'], 'Missing --business.'],
    ['no actor', ['import', 'x.csv', '--business', aBusinessId()], 'Missing --actor.'],
    [
      'an unknown file',
      ['import', join(folder, 'none.csv'), '--business', aBusinessId(), '--actor', 'ola'],
      'Cannot read ',
    ],
    [
      'a file without known columns',
      ['import', aFile('a,b\n1,2\n'), '--business', aBusinessId(), '--actor', 'ola'],
      '--map',
    ],
    [
      'a file with a loose quote',
      ['import', aFile('email\n"a"b\n'), '--business', aBusinessId(), '--actor', 'ola'],
      'is not valid CSV: in line 2, text follows',
    ],
    [
      'a file that is no UTF-8',
      ['import', aFile(Buffer.from([0x65, 0x0a, 0xff, 0xfe])), '--business', aBusinessId(), '--actor', 'ola'],
      'is not UTF-8 text',
    ],
  ])('does nothing with %s', async (_what, args, says) => {
    const { status, lines } = await expectNothingWritten(service, () => ops(...args));
    expect([status, lines.join(' ')]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe('npm run ops -- export', () => {
  it('writes the live customers to a file for the operator only, and records the export first', async () => {
    const business = aBusiness();
    const customers = [await added(business), await added(business)];
    const gone = await added(business);
    await business.delete(gone._id);
    const { status, out, text, log } = await exporting(business, 'ndjson');
    expect(status).toBe(0);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const withPlus = customers.map((customer) => ({
      ...customer,
      phone: `+${customer.phone.replace('+', '')}`,
    }));
    expect(lines.sort((a, b) => (a._id < b._id ? -1 : 1))).toEqual(
      withPlus.sort((a, b) => (a._id < b._id ? -1 : 1)),
    );
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(log).toMatchObject({
      message: 'customer-accessed',
      useCase: 'export-customers',
      purpose: 'hand-over-records',
      actor: 'operator:ola',
      role: 'OWNER',
      business: business.businessId,
      outcome: 'exported',
      count: 2,
    });
  });

  it('never replaces a file, and then records no export', async () => {
    const business = aBusiness();
    const [out, log] = [aFile('mine'), join(folder, 'unused')];
    const { status } = await ops(
      'export',
      ...who(business),
      '--format',
      'csv',
      '--out',
      out,
      '--access-log',
      log,
    );
    expect([status, readFileSync(out, 'utf8')]).toEqual([2, 'mine']);
    expect(() => statSync(log)).toThrow('ENOENT');
  });

  it('writes no cell that a spreadsheet would run as a formula', async () => {
    const business = aBusiness();
    await added(business, { firstName: '=1+1', lastName: '@canary', note: '-2+3\n=cmd' });
    const { text } = await exporting(business, 'csv');
    expect(text).toContain(`"'=1+1","'@canary"`);
    expect(text).toContain(`"'-2+3\n'=cmd"`);
  });

  it('begins a CSV with a byte order mark and writes phones as text, as spreadsheets need it', async () => {
    const business = aBusiness();
    const file = aFile('Imię,Nazwisko,Email,Telefon\nŁucja,Żółć,lucja.p@example.com,+48 512 345 641\n');
    expect((await importing(business, file)).status).toBe(0);
    const [marked, bare] = [await exporting(business, 'csv'), await exporting(business, 'csv', '--no-bom')];
    expect(marked.text).toBe(`\ufeff${bare.text}`);
    expect(bare.text).toMatch(
      /^"_id","firstName",.*\r\n"[0-9a-f]{24}","Łucja","Żółć","lucja\.p@example\.com","'\+48512345641",/,
    );
    expect((await exporting(business, 'ndjson')).text).toMatch(/^\{.*"phone":"\+48512345641"/);
  });

  it.each([
    [';', ';'],
    ['|', '|'],
    ['\\t', '\t'],
  ])('separates cells by %s', async (option, delimiter) => {
    const business = aBusiness();
    await added(business);
    const { text } = await exporting(business, 'csv', '--delimiter', option);
    expect(text.split('\r\n')[0]!.split(delimiter).slice(0, 2)).toEqual(['\ufeff"_id"', '"firstName"']);
  });

  it.each([
    ['csv', ['--delimiter', 'x'], '--delimiter must be'],
    ['csv', ['--delimiter', '"'], '--delimiter must be'],
    ['ndjson', ['--delimiter', ';'], 'are for --format csv'],
    ['ndjson', ['--no-bom'], 'are for --format csv'],
  ])('makes no file for %s %j', async (format, more, says) => {
    const business = aBusiness();
    const out = join(folder, `unmade-${String((files += 1))}`);
    const args = ['--format', format, '--out', out, '--access-log', `${out}-log`];
    const { status, lines } = await ops('export', ...who(business), ...args, ...more);
    expect([status, lines.join(' ')]).toEqual([2, expect.stringContaining(says)]);
    expect([existsSync(out), existsSync(`${out}-log`)]).toEqual([false, false]);
  });

  it.each([
    ['csv', '+45 34 41 23 45', '4534412345'],
    ['csv', '+47 40 61 23 45', '4740612345'],
    ['ndjson', '+65 8123 4567', '6581234567'],
    ['ndjson', '+354 611 1234', '3546111234'],
  ] as const)('is read by the import of another business: %s, %s', async (format, phone, digits) => {
    const [from, to] = [aBusiness(), aBusiness()];
    await added(from, { phone });
    const { out } = await exporting(from, format);
    expect((await importing(to, out)).status).toBe(0);
    expect((await everybody(to)).map((one) => one.phone.replace('+', ''))).toEqual([digits]);
  });
});

/** What may lie where a file is to be made, and what it would lead to. */
const IN_THE_WAY: readonly [string, (file: string, target: string) => void][] = [
  ['a file', (file) => writeFileSync(file, 'mine')],
  ['a link to a file', (file, target) => symlinkSync(target, file)],
  ['a dangling link', (file, target) => symlinkSync(`${target}-nothing`, file)],
  ['a second name of a file', (file, target) => linkSync(target, file)],
  ['a folder', (file) => mkdirSync(file)],
];

describe('a file that a command makes', () => {
  const places = () => {
    const within = join(folder, `way-${String((files += 1))}`);
    mkdirSync(within);
    const target = join(within, 'target');
    writeFileSync(target, 'of another person');
    return { within, target, file: join(within, 'made') };
  };
  /** What lies in a folder: each name with its kind and its text. */
  const seenIn = (within: string): unknown[] =>
    readdirSync(within)
      .sort()
      .map((name) => {
        const stat = lstatSync(join(within, name));
        return [name, stat.mode, stat.isFile() ? readFileSync(join(within, name), 'utf8') : null];
      });
  const REFUSED = 'firstName,email\nAnna,no-email\n';

  describe.each(IN_THE_WAY)('is not made where there is %s', (_what, put) => {
    it.each<[string, (business: Business, file: string) => readonly string[]]>([
      ['report of a dry run', (_, file) => ['import', aFile(REFUSED), '--report', file, '--dry-run']],
      ['report', (_, file) => ['import', aFile(REFUSED), '--report', file, '--yes']],
      ['report', (_, file) => ['import', aFile(REFUSED), '--report', file, '--all-or-nothing', '--yes']],
      ['export', (_, file) => ['export', '--format', 'csv', '--out', file, '--access-log', `${file}-log`]],
    ])('%s', async (_what, argsFor) => {
      const business = aBusiness();
      await added(business);
      const { within, target, file } = places();
      put(file, target);
      const before = seenIn(within);
      const [name = '', ...args] = argsFor(business, file);
      const { status, lines } = await expectNothingWritten(service, () =>
        ops(name, ...args, ...who(business)),
      );
      expect([status, lines.join(' ')]).toEqual([2, expect.stringContaining(`${file} exists already. Name`)]);
      expect(seenIn(within)).toEqual(before);
    });

    it('the report that no name was given for: it gets the next name', async () => {
      const business = aBusiness();
      const { within, target } = places();
      const file = join(within, 'people.csv');
      writeFileSync(file, REFUSED);
      put(`${file}.refused.ndjson`, target);
      const before = seenIn(within);
      const { lines } = await importing(business, file, '--dry-run');
      const report = `${file}.refused-2.ndjson`;
      expect(lines).toContain(`The refused lines are listed in ${report}`);
      expect(readFileSync(report, 'utf8')).toContain('email-format');
      rmSync(report);
      expect(seenIn(within)).toEqual(before);
    });
  });

  it('can be read by its owner only, and is gone when no line was refused', async () => {
    const business = aBusiness();
    const { file } = places();
    const good = aFile('firstName,email\nAnna,a@b.example\n');
    const type = ['--type', 'new', '--report', file];
    expect((await importing(business, good, ...type)).status).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect((await importing(business, aFile(REFUSED), ...type)).status).toBe(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a link to a file', (file: string, target: string) => symlinkSync(target, file), 'is a link.'],
    ['a dangling link', (file: string, target: string) => symlinkSync(`${target}-no`, file), 'is a link.'],
    ['a second name of a file', (file: string, target: string) => linkSync(target, file), 'only you own'],
    ['a folder', (file: string) => mkdirSync(file), 'Cannot write'],
  ])('is no access log where there is %s, and nothing is exported', async (_what, put, says) => {
    const business = aBusiness();
    await added(business);
    const { within, target, file } = places();
    put(file, target);
    const before = seenIn(within);
    const out = join(folder, `unmade-${String((files += 1))}`);
    const args = ['--format', 'csv', '--out', out, '--access-log', file];
    const { status, lines } = await ops('export', ...who(business), ...args);
    expect([status, lines.join(' ')]).toEqual([2, expect.stringContaining(says)]);
    expect(seenIn(within)).toEqual(before);
    expect(existsSync(out)).toBe(false);
  });

  it('an access log of the operator grows: each export adds a line', async () => {
    const business = aBusiness();
    const { file } = places();
    for (const at of [1, 2]) {
      const args = ['--format', 'csv', '--out', `${file}-${String(at)}`, '--access-log', file];
      expect((await ops('export', ...who(business), ...args)).status).toBe(0);
      chmodSync(file, 0o640);
    }
    expect(readFileSync(file, 'utf8').match(/"outcome":"exported"/g)).toHaveLength(2);
  });
});

describe('many customers', () => {
  const COUNT = sized({ short: 500, full: 10_000 });
  it(
    'are imported and exported as a stream; the figures are printed',
    async () => {
      const business = aBusiness();
      const rows = Array.from(
        { length: COUNT },
        (_, at) =>
          `Anna,Canary${String(at)},c${String(at)}@b.example,48512${String(at).padStart(7, '0')},"a note, of some length"`,
      );
      const file = aFile(['firstName,lastName,email,phone,note', ...rows].join('\n'));
      const out = join(folder, 'many.csv');
      const steps: Readonly<Record<string, readonly string[]>> = {
        'import as a dry run': ['import', file, ...who(business), '--dry-run'],
        import: ['import', file, ...who(business), '--yes'],
        export: [
          'export',
          ...who(business),
          '--format',
          'csv',
          '--out',
          out,
          '--access-log',
          join(folder, 'many.log'),
        ],
      };
      const figures: string[] = [];
      for (const [what, args] of Object.entries(steps)) {
        const { status, seconds, peakMb } = await startOps(args).ended;
        expect([what, status]).toEqual([what, 0]);
        figures.push(
          `${what} ${String(Math.round(COUNT / seconds))} rows/s, ${String(Math.round(peakMb))} MB`,
        );
      }
      process.stdout.write(
        `${String(COUNT)} customers: ${figures.join('; ')} (process start included) [${testDatabaseEngine()}, load ${String(loadavg()[0])}]\n`,
      );
      expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(COUNT);
      expect(readFileSync(out, 'utf8').trim().split('\r\n')).toHaveLength(COUNT + 1);
    },
    PROOF_TIMEOUT_MS,
  );
});

const hostile = fc
  .array(
    fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      "'",
      '"',
      ',',
      ';',
      '\ufeff',
      ' ',
      'a',
      'Ż',
      '1',
      '😀',
      'שלום',
      '\u202e',
      '\u2028',
      '\u0000',
      '\\',
      '0',
      '48512345678',
      'E',
      '＝',
      '|',
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('an export', () => {
  it.each<['csv' | 'ndjson', readonly string[], readonly string[]]>([
    ['csv', [], []],
    ['csv', ['--no-bom'], []],
    ['csv', ['--delimiter', ';'], []],
    ['csv', ['--delimiter', '\\t', '--no-bom'], []],
    ['csv', ['--delimiter', '|'], ['--delimiter', '|']],
    ['ndjson', [], []],
  ])(
    'is the same in another business after importing the %s written with %j',
    async (format, writtenWith, readWith) => {
      const someone = fc.record({
        firstName: hostile,
        lastName: hostile,
        note: hostile,
        customerType: fc.constantFrom('new', 'anonymous', 'unregistered'),
        state: fc.constantFrom('active', 'suspended', 'inactive', 'archived'),
      });
      const essence = (customers: any[]) =>
        customers
          .map(({ _id, _version, createdAt, updatedAt, phone, ...rest }) =>
            JSON.stringify({ ...rest, phone: phone.replace('+', '') }),
          )
          .sort();
      /** With and without a country code, of a length that spreadsheets show as an exponent or not. */
      const PHONES = ['485123456', '00485123457', '+45344123', '+35461112', '5123456'];
      await fc.assert(
        fc.asyncProperty(fc.array(someone, { minLength: 1, maxLength: 12 }), async (drafts) => {
          const [from, to] = [aBusiness(), aBusiness()];
          for (const [at, draft] of drafts.entries()) {
            learnPersonal(draft);
            const body = {
              ...draft,
              email: `c${String(at)}@b.example`,
              phone: `${PHONES[at % PHONES.length]!}${String(at).padStart(2, '0')}`,
            };
            expect((await from.create(body)).status).toBe(201);
          }
          const { out } = await exporting(from, format, ...writtenWith);
          expect((await importing(to, out, ...readWith)).status).toBe(0);
          expect(essence(await everybody(to))).toEqual(essence(await everybody(from)));
        }),
        { numRuns: 6, seed: SEED },
      );
    },
  );
});
