import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('import-consents');
const folder = mkdtempSync(join(tmpdir(), 'import-consents-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

let files = 0;
const aFile = (lines: readonly string[], ending = 'csv'): string => {
  const file = join(folder, `${String((files += 1))}.${ending}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
const importing = async ({ businessId }: Business, file: string, ...more: string[]) => {
  let status = -1;
  const args = [
    'import',
    file,
    '--business',
    businessId,
    '--actor',
    'ola',
    '--yes',
    '--type',
    'new',
    ...more,
  ];
  const lines = await linesWrittenBy(async () => {
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines };
};
const refusedIn = (file: string): any[] =>
  readFileSync(`${file}.refused.ndjson`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const rulesIn = (file: string): any[] =>
  refusedIn(file).flatMap(({ line, findings }) =>
    findings.map(({ field, rule }: any) => [line, field, rule]),
  );
const called = async (business: Business, firstName: string): Promise<any> =>
  (await business.find({ pageSize: '1000' })).body.items.find((one: any) => one.firstName === firstName);
const linkOf = async (business: Business, firstName: string): Promise<any> =>
  await documentIn(service, 'customer_link', { customerId: (await called(business, firstName))._id });
const keptFor = ({ businessId }: Business) => documentsIn(service, 'suppression', { businessId });

const HEADER = 'firstName,email,consent:marketing:email,consent:marketing:email:at';
const refusalAt = (givenAt: string) => ({
  purpose: 'marketing',
  channel: 'email',
  granted: false,
  source: 'desk',
  lawfulBasis: 'consent',
  givenAt,
});
const grantAt = (givenAt: string) => ({ ...refusalAt(givenAt), granted: true });

describe('consents in a file', () => {
  it('are recorded with the customer of their line, its history and an event', async () => {
    const business = aBusiness();
    const file = aFile([
      `${HEADER},Consent:Reminders:SMS,consent:reminders:sms:at`,
      'Anna,anna@c.example,yes,2024-05-31T14:30:00+02:00,NO,2024-06-01',
      'Bert,bert@c.example,,,,',
    ]);
    expect((await importing(business, file)).status).toBe(0);
    const anna = await called(business, 'Anna');
    const { current, history } = (await business.consents(anna._id)).body;
    expect(history).toHaveLength(2);
    expect(current).toEqual([
      {
        purpose: 'reminders',
        channel: 'sms',
        granted: false,
        source: 'import',
        lawfulBasis: 'consent',
        givenAt: '2024-06-01T23:59:59.999Z',
        recordedAt: anna.createdAt,
        by: 'OWNER',
        proven: true,
      },
      {
        purpose: 'marketing',
        channel: 'email',
        granted: true,
        source: 'import',
        lawfulBasis: 'consent',
        givenAt: '2024-05-31T12:30:00.000Z',
        recordedAt: anna.createdAt,
        by: 'OWNER',
        proven: false,
      },
    ]);
    expect(await linkOf(business, 'Anna')).toMatchObject({
      granted: ['marketing:email'],
      refused: ['reminders:sms'],
      mayReach: ['marketing:email'],
      auditSeq: 2,
    });
    const { items, verified } = (await business.history(anna._id)).body;
    expect(verified).toBe(true);
    expect(items).toMatchObject([
      { action: 'create-customer' },
      { action: 'record-consents', fields: ['consent:marketing:email', 'consent:reminders:sms'] },
    ]);
    const events = await documentsIn(service, 'outbox', { customerId: anna._id });
    expect(events).toMatchObject([
      { type: 'customer-created' },
      {
        type: 'consent-changed',
        about: {
          changes: [
            { purpose: 'reminders', channel: 'sms', granted: false },
            { purpose: 'marketing', channel: 'email', granted: true },
          ],
        },
      },
    ]);
    const bert = await called(business, 'Bert');
    expect((await business.consents(bert._id)).body.current).toEqual([]);
    expect(await countIn(service, 'outbox', { customerId: bert._id })).toBe(1);
    expect((await linkOf(business, 'Bert')).granted).toBeUndefined();
  });

  it('add nothing when the file is imported again', async () => {
    const business = aBusiness();
    const file = aFile([
      HEADER,
      'Anna,again@c.example,tak,2024-05-31',
      'Bert,bert2@c.example,нет,2024-05-31',
    ]);
    expect((await importing(business, file)).status).toBe(0);
    const again = await expectNothingWritten(service, () => importing(business, file));
    expect(again.status).toBe(0);
    expect(again.lines.join('\n')).toContain('0 imported, 2 already imported, 0 refused');
  });

  it.each([
    ['yes', true],
    [' Ja ', true],
    ['TRUE', true],
    ['1', true],
    ['да', true],
    ['nej', false],
    ['nein', false],
    ['ні', false],
    ['0', false],
  ])('understand %j', async (word, granted) => {
    const business = aBusiness();
    await importing(business, aFile([HEADER, `Anna,word@c.example,${word},2024-05-31`]));
    const { current } = (await business.consents((await called(business, 'Anna'))._id)).body;
    expect(current).toMatchObject([{ granted }]);
  });

  it('come from columns with any name by --map, and from NDJSON', async () => {
    const business = aBusiness();
    const file = aFile(['firstName,E-mail,Newsletter,Since', 'Anna,map@c.example,ja,2024-05-31']);
    const map = 'Newsletter=consent:marketing:email,Since=consent:marketing:email:at';
    expect((await importing(business, file, '--map', map)).status).toBe(0);
    const line = {
      firstName: 'Bert',
      'consent:marketing:push': true,
      'consent:marketing:push:at': '2024-05-31',
    };
    expect((await importing(business, aFile([JSON.stringify(line)], 'ndjson'))).status).toBe(0);
    expect((await linkOf(business, 'Anna')).mayReach).toEqual(['marketing:email']);
    expect((await linkOf(business, 'Bert')).mayReach).toEqual(['marketing:push']);
  });

  it('count for everybody with the same address, in whatever order their lines come', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const { _id } = await added(business, { email: 'old@c.example' });
    await business.record(_id, [grantAt('2024-01-01T00:00:00.000Z')]);
    const file = aFile([
      HEADER,
      'Anna,house@c.example,yes,2024-05-31',
      'Bert,HOUSE@c.example,no,2024-06-30',
      'Carl,old@c.example,no,2024-06-30',
      'Dora,other@c.example,yes,2024-05-31',
      'Emil,other@c.example,no,2024-04-30',
    ]);
    expect((await importing(business, file)).status).toBe(0);
    expect((await linkOf(business, 'Anna')).mayReach).toEqual([]);
    expect((await documentIn(service, 'customer_link', { customerId: _id })).mayReach).toEqual([]);
    expect((await linkOf(business, 'Dora')).mayReach).toEqual(['marketing:email']);
  });

  it('of one day count with the refusal last', async () => {
    const business = aBusiness();
    const file = aFile([HEADER, 'Anna,day@c.example,no,2024-05-31']);
    await importing(business, file);
    const { _id } = await called(business, 'Anna');
    await business.record(_id, [grantAt('2024-05-31T20:00:00.000Z')]);
    expect((await linkOf(business, 'Anna')).mayReach).toEqual([]);
  });

  it('of today may be a refusal, which is then one of now', async () => {
    const business = aBusiness();
    const today = new Date().toISOString().slice(0, 10);
    const { status } = await importing(business, aFile([HEADER, `Anna,today@c.example,no,${today}`]));
    expect(status).toBe(0);
    expect((await linkOf(business, 'Anna')).refused).toEqual(['marketing:email']);
  });
});

describe('a line with a consent that is not right', () => {
  const LINES = [
    HEADER,
    'NoDate,a1@c.example,yes,',
    'NoAnswer,a2@c.example,,2024-05-31',
    'NoWord,a3@c.example,perhaps,2024-05-31',
    'NoDay,a4@c.example,yes,31.05.2024',
    'NoSuchDay,a5@c.example,yes,2024-02-31',
    'NoZone,a6@c.example,yes,2024-05-31 14:30',
    'Early,a7@c.example,yes,1989-12-31',
    'Ahead,a8@c.example,no,2999-01-01',
    'Two,not-an-email,yes,',
    'Good,a9@c.example,yes,2024-05-31',
  ];
  const EXPECTED = [
    [2, 'consent:marketing:email', 'date-missing'],
    [3, 'consent:marketing:email', 'answer-missing'],
    [4, 'consent:marketing:email', 'yes-or-no'],
    [5, 'consent:marketing:email:at', 'date-format'],
    [6, 'consent:marketing:email:at', 'date-format'],
    [7, 'consent:marketing:email:at', 'date-format'],
    [8, 'consent:marketing:email:at', 'too-early'],
    [9, 'consent:marketing:email:at', 'in-the-future'],
    [10, 'consent:marketing:email', 'date-missing'],
  ];

  it('is refused as a whole and listed, and the others are imported', async () => {
    const business = aBusiness();
    const file = aFile(LINES);
    expect((await importing(business, file)).status).toBe(1);
    expect(rulesIn(file)).toEqual(EXPECTED);
    expect((await business.find({})).body.items.map(({ firstName }: any) => firstName)).toEqual(['Good']);
  });

  it('is reported by a dry run in a sentence, without a value', async () => {
    const business = aBusiness();
    const file = aFile(LINES);
    const { lines } = await expectNothingWritten(service, () => importing(business, file, '--dry-run'));
    expect(rulesIn(file)).toEqual(EXPECTED);
    expect(lines).toContain(
      'line 2: consent:marketing:email: date-missing. Say in consent:marketing:email:at when the person said it. ' +
        'Write it as 2024-05-31 or 2024-05-31T14:30:00Z.',
    );
    expect(lines.join('\n')).not.toMatch(/perhaps|a1@c|31\.05/);
  });

  it('is one with a grant of a deleted customer; a refusal of one is kept', async () => {
    const business = aBusiness();
    const file = aFile([
      `${HEADER},state`,
      'Anna,gone1@c.example,yes,2024-05-31,deleted',
      'Bert,gone2@c.example,no,2024-05-31,deleted',
    ]);
    expect((await importing(business, file)).status).toBe(1);
    expect(rulesIn(file)).toEqual([[2, 'consent:marketing:email', 'illegal-transition']]);
    expect(await keptFor(business)).toHaveLength(1);
  });

  it('is one of NDJSON that names no known channel, or more than 20 consents', async () => {
    const business = aBusiness();
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => `consent:purpose-${String(index)}:email`).flatMap((name) => [
        [name, 'no'],
        [`${name}:at`, '2024-05-31'],
      ]),
    );
    const file = aFile(
      [{ firstName: 'A', 'consent:marketing:fax': 'yes' }, many].map((one) => JSON.stringify(one)),
      'ndjson',
    );
    expect((await importing(business, file)).status).toBe(1);
    expect(rulesIn(file)).toEqual([
      [1, 'consent:', 'unknown-field'],
      [2, 'consent:', 'too-big'],
    ]);
  });

  it('is prevented where a column names no known channel: nothing is imported', async () => {
    const business = aBusiness();
    const file = aFile(['firstName,consent:marketing:fax', 'Anna,yes']);
    const { status, lines } = await expectNothingWritten(service, () => importing(business, file));
    expect(status).toBe(2);
    expect(lines.join('\n')).toContain('The name of column #2 begins with "consent:"');
    expect((await importing(business, file, '--map', '#2=-')).status).toBe(0);
  });
});

describe('a refusal that is kept for an address', () => {
  it('is not beaten by an older grant of a file: the line is refused as suppressed', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'kept@c.example' });
    await business.record(_id, [refusalAt('2024-06-01T10:00:00.000Z')]);
    await business.erase(_id);
    const older = aFile([
      HEADER,
      'Anna,KEPT@c.example,yes,2024-06-01',
      'Bert,other@c.example,yes,2024-06-01',
    ]);
    const { lines } = await expectNothingWritten(service, () => importing(business, older, '--dry-run'));
    expect(lines.join('\n')).toContain(
      'line 2: consent:marketing:email: suppressed. This address has refused',
    );
    expect((await importing(business, older, '--report', `${older}.refused.ndjson.2`)).status).toBe(1);
    expect(rulesIn(older)).toEqual([[2, 'consent:marketing:email', 'suppressed']]);
    expect((await business.find({})).body.items.map(({ firstName }: any) => firstName)).toEqual(['Bert']);
    expect(await keptFor(business)).toHaveLength(1);
  });

  it('is lifted by a newer grant of a file', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'newer@c.example' });
    await business.record(_id, [refusalAt('2024-06-01T10:00:00.000Z')]);
    await business.erase(_id);
    const file = aFile([HEADER, 'Anna,newer@c.example,yes,2024-06-02']);
    expect((await importing(business, file)).status).toBe(0);
    expect(await keptFor(business)).toEqual([]);
    expect((await linkOf(business, 'Anna')).mayReach).toEqual(['marketing:email']);
  });

  it.each(['', '--dry-run'])(
    'may come from an earlier line of the same file, also of another batch (%s)',
    async (how) => {
      const business = aBusiness();
      await business.chooseSettings({ uniqueEmail: false });
      const others = Array.from({ length: 210 }, (_, index) => `N${String(index)},,,`);
      const file = aFile([
        HEADER,
        'A,same@c.example,no,2024-05-01',
        'B,same@c.example,no,2024-06-01',
        'C,same@c.example,yes,2024-05-20',
        ...others,
        'D,same@c.example,yes,2024-05-21',
        'E,same@c.example,yes,2024-07-01',
        'F,same@c.example,yes,2024-05-22',
        'G,same@c.example,no,2024-05-23',
      ]);
      expect((await importing(business, file, ...(how === '' ? [] : [how]))).status).toBe(1);
      expect(rulesIn(file)).toEqual([
        [4, 'consent:marketing:email', 'suppressed'],
        [215, 'consent:marketing:email', 'suppressed'],
      ]);
      if (how !== '') return;
      expect(await keptFor(business)).toMatchObject([{ at: new Date('2024-05-23T23:59:59.999Z') }]);
    },
  );

  it('does not keep a later line with its address from being imported', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'later@c.example' });
    await business.record(_id, [refusalAt('2024-06-01T10:00:00.000Z')]);
    await business.delete(_id);
    const file = aFile([HEADER, 'A,later@c.example,yes,2024-05-01', 'B,later@c.example,,']);
    expect((await importing(business, file)).status).toBe(1);
    expect(rulesIn(file)).toEqual([[2, 'consent:marketing:email', 'suppressed']]);
    expect((await business.lookUp({ email: 'later@c.example' })).body.firstName).toBe('B');
  });

  it('comes from a file for every customer with its address', async () => {
    const business = aBusiness();
    await importing(business, aFile([HEADER, 'Anna,said-no@c.example,no,2024-05-31']));
    const { _id } = await called(business, 'Anna');
    await business.erase(_id);
    const again = await added(business, { email: 'said-no@c.example' });
    const { status, body } = await business.record(again._id, [grantAt('2024-05-31T12:00:00.000Z')]);
    expect([status, body.code]).toEqual([409, 'suppressed']);
  });
});
