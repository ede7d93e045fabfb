import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { mappingFrom } from '#infra/ops/import/columns.ts';
import { type Encoding, ENCODINGS } from '#infra/ops/import/encoding.ts';
import { type Row, rowsOf } from '#infra/ops/import/import-file.ts';
import { shapeOf, survey } from '#infra/ops/import/survey.ts';
import { understandingOf } from '#infra/ops/import/understanding.ts';
import { csvLine, DELIMITERS } from '#infra/ops/spreadsheet-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-reading-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Options = { map?: string; encoding?: Encoding; delimiter?: string; format?: 'csv' | 'ndjson' };
let files = 0;
const read = async (content: string | Uint8Array, options: Options = {}) => {
  const file = join(folder, `${String((files += 1))}.csv`);
  writeFileSync(file, content);
  const { map, encoding, delimiter, format = 'csv' } = options;
  const mapping = map === undefined ? [] : mappingFrom(map);
  const surveyed = await survey({ file, format, delimiter, mapping }, encoding);
  const rows: Row[] = [];
  for await (const row of rowsOf(surveyed.found)) rows.push(row);
  expect(surveyed.rows).toBe(rows.length);
  return { rows, drafts: rows.map(({ draft }) => draft), said: understandingOf(surveyed).join('\n') };
};
const problemOf = async (content: string | Uint8Array, options?: Options): Promise<string> =>
  await read(content, options).then(
    () => 'read',
    (error: unknown) => (error as Error).message,
  );

/** A text in a code page: the inverse of what TextDecoder does. */
const inCodePage = (text: string, encoding: Encoding): Uint8Array => {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Uint8Array.from(Array.from(text, (character) => bytes.get(character)!));
};
const bigEndian = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16();

describe('the lines before the header', () => {
  const HEADER = 'First name;Last name;Email;Phone';
  const OLA = { firstName: 'Ola', lastName: 'Test', email: 'ola@b.example', phone: '+48 512 345 617' };
  const LINE = 'Ola;Test;ola@b.example;+48 512 345 617';

  it.each([
    ['sep=', `sep=;\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    ['sep= in quotes', `"sep=;"\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    ['sep= with separators behind it', `SEP=;;;;\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    [
      'sep= after and before byte order marks',
      `\ufeffsep=;\r\n\ufeff"First name";${HEADER.slice(11)}\r\n${LINE}`,
      3,
    ],
    ['sep= and a tab', `sep=\t\n${HEADER.replaceAll(';', '\t')}\n${LINE.replaceAll(';', '\t')}`, 3],
    ['sep= with spaces around the separator', ` sep= ; \r\n${HEADER}\r\n${LINE}\r\n`, 3],
    ['sep= with another separator than the file has', `sep=,\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    ['a title, then sep=', `Client list\rsep=;\r${HEADER}\r${LINE}\r`, 4],
    ['a title of two lines in quotes', `"Client list;\nof 2026"\r\n${HEADER}\r\n${LINE}\r\n`, 4],
    ['a title', `Client list\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    [
      'a title with commas, a date and a blank line',
      `Clients, all, of ours, now, then\r\n2026\r\n\r\n${HEADER}\r\n${LINE}`,
      5,
    ],
    ['a title with a quote in it', `Clients of "Ola\r\n${HEADER}\r\n${LINE}`, 3],
    ['a title with separators', `Client list;;;\r\n${HEADER}\r\n${LINE}`, 3],
    ['a blank line', `\r\n${HEADER}\r\n${LINE}\r\n`, 3],
    ['lines of blanks and separators', ` \t \r\n;;;\r\n${HEADER}\r\n${LINE}\r\n`, 4],
    ['two byte order marks', `\ufeff\ufeff"First name";Last name;Email;Phone\n${LINE}`, 2],
    ['vertical bars', `${HEADER.replaceAll(';', '|')}\n${LINE.replaceAll(';', '|')}`, 2],
  ])('may be %s', async (_what, text, line) => {
    expect((await read(text)).rows).toEqual([{ line, draft: OLA }]);
  });

  it.each([',', ';', '\t', '|'])('may be sep= with the separator %j, in any encoding', async (delimiter) => {
    const text = `sep=${delimiter}\r\n${HEADER}\r\n${LINE}\r\n`.replaceAll(';', delimiter);
    for (const bytes of [text, Buffer.from(`\ufeff${text}`, 'utf16le'), bigEndian(text)])
      expect((await read(bytes)).rows).toEqual([{ line: 3, draft: OLA }]);
  });

  it('are said, with the separator', async () => {
    const said = async (text: string) => (await read(text)).said.split('\n')[0];
    expect(await said(`Clients\n${HEADER}\n${LINE}`)).toBe(
      'Line 2 has the column names, separated by semicolons. The line before it is not imported.',
    );
    expect(await said(`Clients\n\n${HEADER}\n${LINE}`)).toContain('The lines before it are not imported.');
    expect(await said(`sep=;\n${HEADER}\n${LINE}`)).toBe(
      'Line 2 has the column names, separated by semicolons.',
    );
  });

  it('do not matter to the separator when lines end with CR, or hold more commas', async () => {
    const note = 'a, b, c, d, e, f, g, h';
    const lines = Array.from(
      { length: 4 },
      (_, at) => `${LINE.replace('ola@', `ola.${String(at)}@`)};${note}`,
    );
    const text = [`${HEADER};Note`, ...lines].join('\r');
    expect((await read(text)).rows).toEqual(
      lines.map((_, at) => ({ line: at + 2, draft: { ...OLA, email: `ola.${String(at)}@b.example`, note } })),
    );
  });

  it('are named when no column is known', async () => {
    expect(await problemOf('Clients\nA,B,C\n1,2,3\n')).toContain('No column name in line 2 is known');
    expect(await problemOf('')).toContain('No column name in line 1 is known');
  });
});

describe('cells and lines', () => {
  const HEADER = 'First name,Last name,Email';

  it('may be more than the header has, if they are empty', async () => {
    const text = `${HEADER}\nOla,Test,a@b.example,\nEwa,Test,b@b.example, ,\nIga,Test,c@b.example,extra\n`;
    expect((await read(text)).rows).toMatchObject([
      { line: 2, draft: { firstName: 'Ola' } },
      { line: 3, draft: { firstName: 'Ewa' } },
      { line: 4, draft: null, rule: 'more-cells-than-header' },
    ]);
    expect((await read(`${HEADER},,\nOla,Test,a@b.example,,\n`)).drafts).toMatchObject([
      { firstName: 'Ola' },
    ]);
  });

  it('are skipped when they show nothing', async () => {
    const blanks = ['  , , ', ',,', '', '\u00a0,\u200b,\u0000'];
    expect(
      (await read(`${HEADER}\n${blanks.join('\n')}\nOla,Test,a@b.example\n${blanks.join('\n')}`)).rows,
    ).toEqual([{ line: 6, draft: { firstName: 'Ola', lastName: 'Test', email: 'a@b.example' } }]);
  });

  it('may have spaces around their quotation marks, and names of columns line breaks', async () => {
    const text = '"First\nname" , "Last\nname", Email\r\n "Ola, Olga" ,\t"Test" , a@b.example \r\n';
    expect((await read(text)).rows).toEqual([
      { line: 4, draft: { firstName: 'Ola, Olga', lastName: 'Test', email: 'a@b.example' } },
    ]);
    expect((await read('Email\tPhone\tNote\n\t\t "x" \n\t1\t\n')).drafts).toEqual([
      { note: 'x' },
      { phone: '1' },
    ]);
  });

  it.each([',', ';', '\t', '|'])(
    'give the text of a formula such as ="0123", whole cells only, separated by %j',
    async (delimiter) => {
      const header = ['First name', '="Phone"', 'Note'].join(delimiter);
      const fileOf = (cells: readonly string[]) => `${header}\r\n${cells.join(delimiter)}`;
      const readCells = async (...cells: string[]) => (await read(fileOf(cells))).drafts[0];
      const ola = { firstName: 'Ola', phone: '+48512345678', note: 'x' };
      expect(await readCells('Ola', '="+48512345678"', 'x')).toEqual(ola);
      expect(await readCells('Ola', '"=""+48512345678"""', 'x')).toEqual(ola);
      expect(await readCells('="Ola"', '="+48512345678"', '="x"\r\n="Ewa"')).toEqual(ola);
      expect(await readCells('Ola', '="00485"', '=""')).toEqual({ firstName: 'Ola', phone: '00485' });
      expect(await readCells('Ola', '1', `="a${delimiter}b"`)).toMatchObject({ note: `a${delimiter}b` });
      // Inside a quoted cell, the same signs are text.
      for (const inside of [`a${delimiter}="1"${delimiter}b`, `a="1"`, `="1" x`, `a\n="1"\nb`, `x="`])
        expect(await readCells('Ola', '="1"', `"${inside.replaceAll('"', '""')}"`)).toMatchObject({
          phone: '1',
          note: inside,
        });
      for (const cell of ['="1"x', 'x="1"', '=1"2"', '="1"2"'])
        expect(await problemOf(fileOf(['Ola', cell, 'x']))).toContain(
          'line 2 has a quotation mark inside a cell',
        );
    },
  );

  it('give it across the pieces of a file', async () => {
    const note = `${'é, '.repeat(50)}=`;
    const line = `="Ola","${note}""1",="+48512345678"\r\n`;
    const { drafts } = await read(`First name,Note,Phone\r\n${line.repeat(2_000)}`);
    expect(drafts).toHaveLength(2_000);
    expect(new Set(drafts.map((draft) => JSON.stringify(draft))).size).toBe(1);
    expect(drafts[0]).toEqual({ firstName: 'Ola', note: `${note}"1`, phone: '+48512345678' });
  });

  it('of our own export come back equal, whatever formulas and apostrophes are in them', async () => {
    const unit = fc.constantFrom(
      '="',
      '"',
      "'",
      '=',
      '+',
      '0123',
      '="0123"',
      ',',
      ';',
      '|',
      '\t',
      '\n',
      'a',
      ' ',
    );
    const notes = fc.array(fc.string({ unit, minLength: 1, maxLength: 8 }), { minLength: 20, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(notes, fc.constantFrom(...DELIMITERS), async (texts, delimiter) => {
        const lines = [['First name', 'Note'], ...texts.map((text) => ['Ola', text])];
        const { drafts } = await read(lines.map((cells) => csvLine(cells, delimiter)).join(''));
        const shown = (text: unknown) => (typeof text === 'string' && text.trim() !== '' ? text : '');
        expect(drafts.map((draft) => shown(draft?.['note']))).toEqual(texts.map(shown));
      }),
      { numRuns: 30 },
    );
  });

  it('keep their number behind line breaks in cells', async () => {
    const { rows } = await read(`${HEADER},Note\r\nOla,,,"two\r\nlines"\r\nEwa,,,\r\n`);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  });

  const MANY = Array.from({ length: 400 }, (_, at) => `A${String(at)},Test,a.${String(at)}@b.example`);
  it.each([
    ['a quote in a cell', 'Ola "Olka",Test,x', 'line 402 has a quotation mark inside a cell'],
    ['text behind a quote', '"Ola" Olka,Test,x', 'in line 402, text follows the quotation mark'],
    [
      'a quote that never ends',
      '"Ola,Test,x',
      'in line 402, a cell begins with a quotation mark, and none ends it',
    ],
    [
      'a row without an end',
      `"${'x'.repeat(1_000_001)}`,
      'line 402 begins a row of more than a million characters',
    ],
  ])('are refused at their own line: %s', async (_what, line, says) => {
    for (const lineBreak of ['\n', '\r\n', '\r'])
      expect(await problemOf([HEADER, ...MANY, line, ...MANY].join(lineBreak))).toContain(says);
  });
});

describe('the encoding', () => {
  const POLISH = 'Imię;Nazwisko;Email\nŁucja;Żak;a@b.example\nGrażyna;Wiśniewska;b@b.example\n';
  const UKRAINIAN = 'Ім’я;Прізвище;Email\nОлена;Шевченко;a@b.example\nЮрій;Їжак;b@b.example\n';
  const RUSSIAN = 'Имя;Фамилия;Email\nАнна;Иванова;a@b.example\n';
  const DANISH = 'Fornavn;Efternavn;Email\nSøren;Jensen;a@b.example\nÅse;Kjær;b@b.example\n';
  const GERMAN = 'Vorname;Nachname;Email\nJürgen;Müller;a@b.example\nSören;Groß;b@b.example\n';

  it.each<[Encoding, string]>([
    ['windows-1250', POLISH],
    ['windows-1251', UKRAINIAN],
    ['windows-1251', RUSSIAN],
    ['windows-1252', DANISH],
    ['windows-1252', GERMAN],
  ])('is found to be %s and said', async (encoding, text) => {
    const { drafts, said } = await read(inCodePage(text, encoding));
    expect(drafts).toEqual((await read(text)).drafts);
    expect(said).toMatch(
      /is read as windows-125\d, found by its letters; it is not UTF-8 from line [12] on\./,
    );
    for (const named of [encoding])
      expect((await read(inCodePage(text, encoding), { encoding: named })).said).toContain(
        `is read as ${encoding}, as --encoding says.`,
      );
  });

  it.each<[string, Encoding, (text: string) => Uint8Array]>([
    ['with a mark', 'utf-16le', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['without a mark', 'utf-16le', (text) => Buffer.from(text, 'utf16le')],
    ['with a mark', 'utf-16be', (text) => bigEndian(`\ufeff${text}`)],
    ['without a mark', 'utf-16be', (text) => bigEndian(text)],
  ])('is found %s to be %s', async (_what, encoding, bytes) => {
    const text = POLISH.replaceAll(';', '\t');
    const { drafts, said } = await read(bytes(text));
    expect(drafts).toEqual((await read(text)).drafts);
    expect(said).toContain(`is read as ${encoding}, found by its first bytes.`);
    const lines = '{"firstName":"Łucja"}\n\n{"firstName":"Ewa"}\n';
    expect((await read(bytes(lines), { format: 'ndjson' })).drafts).toEqual([
      { firstName: 'Łucja' },
      { firstName: 'Ewa' },
    ]);
  });

  it.each<[string, string]>([
    ['Ukrainian', 'Ім’я;Прізвище\r\nОлена;Шевченко\r\n'],
    ['Russian', 'Имя\tФамилия\r\nАнна\tИванова\r\n'],
    ['a blank line', '\r\nИмя;Фамилия\r\nАнна;Иванова\r\n'],
    ['Arabic', 'Name;Note\r\nليلى;مرحبا\r\n'],
    ['Latin with signs', 'Name;Note\r\nŻaneta – “Ż”;x\r\n'],
  ])('is found to be UTF-16 without a mark: %s', async (_what, text) => {
    const { drafts } = await read(text);
    for (const [encoding, bytes] of [
      ['utf-16le', Buffer.from(text, 'utf16le')],
      ['utf-16be', bigEndian(text)],
    ] as const) {
      const found = await read(bytes);
      expect(found.drafts).toEqual(drafts);
      expect(found.said).toContain(`is read as ${encoding}, found by its first bytes.`);
    }
  });

  it('is UTF-8 whatever control characters are in it', async () => {
    const { drafts } = await read(`Name;Email\n\0\0O\0l\0a\0;a@b\n${'\0'.repeat(20)}\n`);
    expect(drafts).toMatchObject([{ email: 'a@b' }]);
  });

  it('is not guessed when several make sense, or none: the line is named, and what to do', async () => {
    const ambiguous = inCodePage('Name;Mail\nAda;a@b\nAdam Kamiński;a@b.example\n', 'windows-1250');
    const mixed = Buffer.concat([
      Buffer.from(`Name\nŁucja Żółć\n`),
      inCodePage('Łucja Żółć\n', 'windows-1250'),
    ]);
    const koi8 = Buffer.from([...Buffer.from('Name\n\n'), 0xe1, 0xce, 0xce, 0xc1, 0xa3, 0x0a]);
    for (const bytes of [ambiguous, mixed, koi8]) {
      expect(await problemOf(bytes)).toMatch(
        /is not UTF-8 text from line 3 on, and its encoding is not clear/,
      );
      expect(await problemOf(bytes)).toContain('Save it as UTF-8 (in Excel: File, Save As, "CSV UTF-8")');
    }
    expect((await read(ambiguous, { encoding: 'windows-1250' })).drafts.at(-1)).toMatchObject({
      lastName: 'Kamiński',
    });
    const asUtf8 = await problemOf(inCodePage(POLISH, 'windows-1250'), { encoding: 'utf-8' });
    expect(asUtf8).toContain('is not UTF-8 text from line 1 on');
  });

  it.each(['\n', '\r\n', '\r'])(
    'is said to stop at the same line after line breaks %j',
    async (lineBreak) => {
      const lines = ['Name', ...Array.from({ length: 30_000 }, () => 'Łucja Żak'), ''].join(lineBreak);
      const bytes = Buffer.concat([Buffer.from(lines), Buffer.from([0xff, 0xfe])]);
      expect(await problemOf(bytes)).toContain('from line 30002 on');
    },
  );

  it('can be every one that is named', () => {
    for (const encoding of ENCODINGS) expect(new TextDecoder(encoding).encoding).toBe(encoding);
  });
});

describe('columns', () => {
  const fieldsIn = async (header: string, options?: Options) => {
    const { said } = await read(`${header}\n`, options);
    const lines = said.split('\n').filter((line) => line.startsWith('  #'));
    return lines.map((line) => / {2}(left out|[A-Za-z]+) +no values$/.exec(line)?.[1]);
  };

  it.each([
    [
      'an address book',
      'First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Notes',
      ['firstName', 'lastName', 'left out', 'left out', 'email', 'left out', 'phone', 'note'],
    ],
    [
      'another',
      'First Name,Middle Name,Last Name,E-mail Address,E-mail 2 Address,E-mail Display Name,Home Phone,Mobile Phone,Business Fax,Birthday',
      [
        'firstName',
        'left out',
        'lastName',
        'email',
        'email',
        'left out',
        'phone',
        'phone',
        'left out',
        'left out',
      ],
    ],
    [
      'a shop',
      'First Name,Last Name,Email,Accepts Email Marketing,Company,Default Address Phone,Phone,Total Orders,Note,Tags',
      [
        'firstName',
        'lastName',
        'email',
        'left out',
        'left out',
        'phone',
        'phone',
        'left out',
        'note',
        'left out',
      ],
    ],
    [
      'another shop',
      'billing_first_name,billing_last_name,billing_email,billing_phone,customer_note,shipping_phone',
      ['firstName', 'lastName', 'email', 'phone', 'note', 'left out'],
    ],
    [
      'a point of sale',
      'Reference ID,First Name,Surname,Email Address,Phone Number,Nickname,Company Name,Memo',
      ['left out', 'firstName', 'lastName', 'email', 'phone', 'left out', 'left out', 'note'],
    ],
    [
      'a salon',
      'Client ID,Full Name,Mobile Number,Telephone,Email,Gender,Client Notes',
      ['left out', 'fullName', 'phone', 'phone', 'email', 'left out', 'note'],
    ],
    [
      'Polish',
      'Imię i nazwisko;Telefon komórkowy;Adres e-mail;Uwagi;Miasto',
      ['fullName', 'phone', 'email', 'note', 'left out'],
    ],
    [
      'Polish, another',
      'Nazwisko i imię;Nr telefonu;E-mail klienta;Notatki',
      ['lastNameFirst', 'phone', 'email', 'note'],
    ],
    [
      'German',
      'Name;Vorname;Mobilnummer;E-Mail-Adresse;Bemerkungen',
      ['lastName', 'firstName', 'phone', 'email', 'note'],
    ],
    [
      'Danish',
      'Fornavn;Efternavn;Mobilnr.;E-mailadresse;Bemærkninger',
      ['firstName', 'lastName', 'phone', 'email', 'note'],
    ],
    ['Danish, another', 'Navn;Tlf.;Mail;Noter', ['fullName', 'phone', 'email', 'note']],
    ['Ukrainian', 'ПІБ;Моб. телефон;Ел. пошта;Коментар', ['lastNameFirst', 'phone', 'email', 'note']],
    [
      'Ukrainian, another',
      'Ім’я клієнта;Прізвище;Номер телефону;Примітки',
      ['firstName', 'lastName', 'phone', 'note'],
    ],
    [
      'Russian',
      'Имя;Фамилия;Мобильный телефон;Эл. почта;Комментарий',
      ['firstName', 'lastName', 'phone', 'email', 'note'],
    ],
    ['Russian, another', 'Ф.И.О.;Телефон;Примечание', ['lastNameFirst', 'phone', 'note']],
    [
      'other people',
      'Email,Emergency contact phone,Partner name,Staff email',
      ['email', 'left out', 'left out', 'left out'],
    ],
  ])('of %s are known', async (_what, header, fields) => {
    expect(await fieldsIn(header)).toEqual(fields);
  });

  it('of one field are tried in their order, mobile phones first, and values that are lost are counted', async () => {
    const text = 'Name,Phone,Phone 2,Mobile\nA B,1,2,3\nA B,1,2,\nA B,,2,\nA B,1,1,\nA B,,,\n';
    const { drafts, said } = await read(text);
    expect(drafts.map((draft) => draft?.['phone'])).toEqual(['3', '1', '2', '1', undefined]);
    expect(said).toContain(
      'phone is the first of these columns that has a value: #4 Mobile, #2 Phone, #3 Phone 2. In 2 lines,',
    );
    expect((await read('Email 10,Email 9\na,b\n')).drafts).toEqual([{ email: 'b' }]);
    expect((await read('Phone,Phone\n1,2\n,3\n')).drafts).toEqual([{ phone: '1' }, { phone: '3' }]);
  });

  it('are told apart by numbers, signs, or their position in --map', async () => {
    expect(await fieldsIn('Phone,Phone 2', { map: 'Phone 2=-' })).toEqual(['phone', 'left out']);
    expect(await fieldsIn('Phone 1 - Value,Phone 2 - Value', { map: 'Phone 2 - Value=phone' })).toEqual([
      'left out',
      'phone',
    ]);
    expect(await fieldsIn('Rate +,Rate -,Email', { map: 'Rate -=note' })).toEqual([
      'left out',
      'note',
      'email',
    ]);
    expect(await fieldsIn('Tel,Tel', { map: '#2=phone' })).toEqual(['left out', 'phone']);
    expect(await fieldsIn('#2,Email', { map: '#2=note' })).toEqual(['note', 'email']);
    expect(await fieldsIn('Tel.  No.,Email', { map: 'tel no=-' })).toEqual(['left out', 'email']);
    expect(await problemOf('Tel,Email,Tel\n', { map: 'Tel=-' })).toContain(
      '2 columns have this name. Name each by its position: #1, #3.',
    );
  });

  it.each([
    ['Telefonn=phone', '--map names "Telefonn", but no column has this name. Did you mean "Telefon"?'],
    ['Telefon=phone,Xyzzy=-', '--map names "Xyzzy", but no column has this name.'],
    ['#4=phone', '--map names "#4", but no column has this name.'],
    ['+=phone', '--map names "+", but no column has this name.'],
  ])('stop the import when --map says %s', async (map, says) => {
    expect(await problemOf('Imię,Nazwisko,Telefon\n', { map })).toMatch(
      new RegExp(`^${says.replaceAll(/[.?+]/g, String.raw`\$&`)}$`),
    );
  });

  it('named in --map find the header', async () => {
    expect((await read('A list\nWho,Where\nOla,x\n', { map: 'Who=firstName,Where=note' })).rows).toEqual([
      { line: 3, draft: { firstName: 'Ola', note: 'x' } },
    ]);
  });

  it('named State are our state only if they hold one', async () => {
    const draftsWith = async (values: readonly string[], options?: Options) =>
      await read(`Email,State\n${values.map((value) => `a@b,${value}`).join('\n')}\n`, options);
    for (const values of [['TX'], ['enabled', 'disabled'], ['']]) {
      const { drafts, said } = await draftsWith(values);
      expect(drafts[0]).toEqual({ email: 'a@b' });
      expect(said).toContain('The column State is left out, because none of its values is active,');
    }
    expect((await draftsWith(['Active ', 'TX'])).drafts).toEqual([
      { email: 'a@b', state: 'active' },
      { email: 'a@b', state: 'tx' },
    ]);
    expect((await draftsWith(['TX'], { map: 'State=state' })).drafts).toEqual([
      { email: 'a@b', state: 'tx' },
    ]);
  });

  it('are printed with shapes, never with values', async () => {
    const { said } = await read(
      'Name,Email,City,\u001b[2JX\nŁucja 2 Żak,canary@b.example,Kraków,\nEwa,b@b.example,,\nEwa,c@c.example,,\nOlga Test,d@d.example,,\n',
    );
    expect(said).toContain('#1 Name   fullName       Xxxxx 9 Xxx | Xxx | Xxxx Xxxx');
    expect(said).toContain('#3 City   left out       Xxxxxx');
    expect(said).toContain('#2 Email  email          xxxxxx@x.xxxxxxx | x@x.xxxxxxx');
    expect(said).not.toMatch(/canary|ucja|Krak|\u001b/);
    expect(shapeOf('ß𝐀漢१\u0007')).toBe('xXx9 ');
    expect(shapeOf('x'.repeat(31))).toBe(`${'x'.repeat(30)}…`);
    expect(shapeOf('x'.repeat(30))).toBe('x'.repeat(30));
  });
});

describe('a full name', () => {
  it.each([
    ['Ola Test', 'Ola', 'Test'],
    ['Anna Maria Kowalska', 'Anna Maria', 'Kowalska'],
    ['Anna van der Berg', 'Anna', 'van der Berg'],
    ['anna maria kowalska', 'anna maria', 'kowalska'],
    ['van Berg', 'van', 'Berg'],
    ['Kowalska, Anna Maria', 'Anna Maria', 'Kowalska'],
    ['Kowalska,', 'Kowalska', ''],
    ['  Ola  ', 'Ola', ''],
  ])('%j is split by the printed rule', async (name, firstName, lastName) => {
    const { drafts, said } = await read(`Name;Email\n${name};a@b\n`);
    expect(drafts).toEqual([{ firstName, lastName, email: 'a@b' }]);
    expect(said).toContain('fullName is split. Before a comma stands the last name.');
  });

  it.each([
    ['Иванова Анна Сергеевна', 'Анна Сергеевна', 'Иванова'],
    ['Иванова, Анна', 'Анна', 'Иванова'],
    ['Анна', 'Анна', ''],
  ])('%j with the last name first is split by its own rule', async (name, firstName, lastName) => {
    const { drafts, said } = await read(`ФИО;Email\n${name};a@b\n`);
    expect(drafts).toEqual([{ firstName, lastName, email: 'a@b' }]);
    expect(said).toContain('lastNameFirst is split. The first word');
  });

  it('is used only where the columns of its parts are empty', async () => {
    const { drafts, said } = await read('Name,Given Name,Family Name\nOla Test,Olga,\nOla Test,,\n');
    expect(drafts).toEqual([{ firstName: 'Olga' }, { firstName: 'Ola', lastName: 'Test' }]);
    expect(said).toContain('It is split only in lines without a value for firstName and lastName.');
  });
});
