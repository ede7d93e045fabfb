import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { handler as purge } from '#functions/purge-deleted-customers/handler.ts';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/commands.ts';
import { guarded, unguarded } from '#infra/ops/spreadsheet-text.ts';
import { disconnect } from '#lib/store/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { learnPersonal } from '#test/support/leak-watch.ts';
import { startOps } from '#test/support/ops-process.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { countIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf, testDatabaseEngine } from '#test/support/test-database.ts';

const service = useService('import-export');
const folder = mkdtempSync(join(tmpdir(), 'import-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The probe knows requests by their callers; nobody told it of an operator's.
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
  ops('import', file, ...who(business), ...more);
const exporting = async (business: Business, format: 'csv' | 'ndjson') => {
  const out = join(folder, `out-${String((files += 1))}.${format}`);
  const log = join(folder, `log-${String(files)}`);
  const done = await ops('export', ...who(business), '--format', format, '--out', out, '--access-log', log);
  return { ...done, out, text: readFileSync(out, 'utf8'), log: JSON.parse(readFileSync(log, 'utf8')) };
};
const summary = (text: string) => expect.stringMatching(new RegExp(`^${text}; [\\d,]+ lines a second$`));
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
      'First Name,Last Name,E-mail,Mobile,Comments\nAnna,Canary,a@b.example,+48 512 345 678,hi\n',
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

  it('takes other columns by name, leaves columns out, and takes quotes and lines in cells', async () => {
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
    [10, '#', 'malformed'],
  ];
  const rulesIn = (refused: any[]) =>
    refused.flatMap(({ line, findings }) => findings.map(({ field, rule }: any) => [line, field, rule]));

  it('as a dry run says every bad line, never a value, and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'taken@b.example' });
    const file = aFile(BAD);
    const { status, lines } = await expectNothingWritten(service, () =>
      importing(business, file, '--dry-run'),
    );
    expect(status).toBe(1);
    expect(rulesIn(refusedIn(file))).toEqual(EXPECTED);
    expect(lines).toContain(`line 7: email: duplicate-email ${_id}`);
    expect(lines).toContain('line 6: email: duplicate-email as in line 2');
    expect(lines).toContainEqual(summary('2 could be imported, 0 there already, 7 bad'));
    expect(lines.join('\n') + readFileSync(`${file}.refused.ndjson`, 'utf8')).not.toMatch(
      /@b\.example|canary|4851/,
    );
  });

  it('imports the good lines, with a history each, and names the others in its report', async () => {
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

  it('names the earlier of two lines, also when the other is still being written or was long ago', async () => {
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

  it('with --all-or-nothing writes nothing when a line is bad', async () => {
    const business = aBusiness();
    const { status } = await expectNothingWritten(service, () =>
      importing(business, aFile(BAD), '--all-or-nothing'),
    );
    expect(status).toBe(1);
  });

  it('run again skips what is there, also what was changed, deleted or purged since', async () => {
    const business = aBusiness();
    const rows = Array.from(
      { length: 450 },
      (_, at) => `Anna,${String(at)}@b.example,485123${String(at).padStart(5, '0')}`,
    );
    const file = aFile(['firstName,email,phone', ...rows].join('\n'));
    expect((await importing(business, file)).lines).toContainEqual(
      summary('450 imported, 0 there already, 0 bad'),
    );
    const [one, other, third] = await everybody(business);
    await business.change(one._id, { email: 'new@b.example' });
    await business.delete(other._id);
    await makeDue(service, business, third._id);
    await run(purge, { largestShare: 1 });
    const again = await importing(business, file);
    expect([again.status, again.lines.at(-1)]).toEqual([0, summary('0 imported, 450 there already, 0 bad')]);
    expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(449);
  });

  it.each([
    ['no business', ['import', 'x.csv', '--actor', 'ola'], 'Say in which business'],
    ['nobody', ['import', 'x.csv', '--business', aBusinessId()], 'Say who you are'],
    [
      'an unknown file',
      ['import', join(folder, 'none.csv'), '--business', aBusinessId(), '--actor', 'ola'],
      'cannot be read',
    ],
    [
      'a file without known columns',
      ['import', aFile('a,b\n1,2\n'), '--business', aBusinessId(), '--actor', 'ola'],
      '--map',
    ],
    [
      'a file with a loose quote',
      ['import', aFile('email\n"a"b\n'), '--business', aBusinessId(), '--actor', 'ola'],
      'no CSV from line 2',
    ],
    [
      'a file that is no UTF-8',
      ['import', aFile(Buffer.from([0x65, 0x0a, 0xff, 0xfe])), '--business', aBusinessId(), '--actor', 'ola'],
      'not in UTF-8',
    ],
  ])('does nothing with %s', async (_what, args, says) => {
    const { status, lines } = await expectNothingWritten(service, () => ops(...args));
    expect([status, lines.join(' ')]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe('npm run ops -- export', () => {
  it('writes the live customers for the operator alone, and accounts for it before', async () => {
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
    expect(lines.sort((a, b) => (a._id < b._id ? -1 : 1))).toEqual(
      customers.sort((a, b) => (a._id < b._id ? -1 : 1)),
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

  it('never replaces a file, and accounts for nothing then', async () => {
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

  it('leaves no cell that a spreadsheet would run', async () => {
    const business = aBusiness();
    await added(business, { firstName: '=1+1', lastName: '@canary', note: '-2+3\n=cmd' });
    const { text } = await exporting(business, 'csv');
    expect(text).toContain(`"'=1+1","'@canary"`);
    expect(text).toContain(`"'-2+3\n=cmd"`);
  });
});

describe('many customers', () => {
  const COUNT = sized({ short: 500, full: 10_000 });
  it(
    'come and go as a stream; the figures are printed',
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
        import: ['import', file, ...who(business)],
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
      '＝',
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('a text', () => {
  it('comes back from a spreadsheet as it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostile, fc.string({ unit: 'binary' })),
        (text) => unguarded(guarded(text)) === text,
      ),
    );
  });
});

describe('what was exported', () => {
  it.each(['csv', 'ndjson'] as const)(
    'is the same in another business after an import of the %s',
    async (format) => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const someone = fc.record({
        firstName: hostile,
        lastName: hostile,
        note: hostile,
        customerType: fc.constantFrom('new', 'anonymous', 'unregistered'),
        state: fc.constantFrom('active', 'suspended', 'inactive', 'archived'),
      });
      const essence = (customers: any[]) =>
        customers.map(({ _id, _version, createdAt, updatedAt, ...rest }) => JSON.stringify(rest)).sort();
      await fc.assert(
        fc.asyncProperty(fc.array(someone, { minLength: 1, maxLength: 12 }), async (drafts) => {
          const [from, to] = [aBusiness(), aBusiness()];
          for (const [at, draft] of drafts.entries()) {
            learnPersonal(draft);
            const body = {
              ...draft,
              email: `c${String(at)}@b.example`,
              phone: `4851234560${String(at).padStart(2, '0')}`,
            };
            expect((await from.create(body)).status).toBe(201);
          }
          const { out } = await exporting(from, format);
          expect((await importing(to, out)).status).toBe(0);
          expect(essence(await everybody(to))).toEqual(essence(await everybody(from)));
        }),
        { numRuns: 6, seed },
      );
    },
  );
});
