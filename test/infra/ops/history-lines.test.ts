import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { readHistoryLines } from '#infra/ops/history-lines.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

useService('history-lines');
const folder = mkdtempSync(join(tmpdir(), 'history-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BUSINESS = 'b'.repeat(24);
const FIELDS = {
  message: 'history-extended',
  timestamp: '2026-11-28T10:00:00.000Z',
  requestId: '6f1d7f3a-0000-4000-8000-000000000000',
  useCase: 'change-customer',
  business: BUSINESS,
  customer: 'c'.repeat(24),
  number: 2,
  head: 'd'.repeat(64),
  keyIds: ['k2', 'k1'],
};
const LINE = JSON.stringify(FIELDS);
const READ = {
  line: {
    businessId: BUSINESS,
    customerId: FIELDS.customer,
    number: 2,
    head: FIELDS.head,
    keyIds: ['k2', 'k1'],
  },
};
const OTHER = JSON.stringify({ message: 'customer-accessed', customers: ['{"message":"history-extended"}'] });
const eventOf = (message: string) => ({
  logStreamName: '2026/11/28/[$LATEST]0',
  timestamp: 1_764_324_000_000,
  message,
  ingestionTime: 1_764_324_000_001,
  eventId: '1',
});

let files = 0;
const fileOf = (text: string): string => {
  const file = join(folder, String((files += 1)));
  writeFileSync(file, text);
  return file;
};
const reading = async (text: string): Promise<unknown[]> => {
  const read: unknown[] = [];
  for await (const one of readHistoryLines(fileOf(text))) read.push(one);
  return read;
};

describe('lines of the log are read', () => {
  it.each([
    ['as a function wrote them', `${LINE}\n`],
    ['without a line break at the end', LINE],
    ['with empty lines', `\n${LINE}\r\n\n`],
    ['as exported to a bucket', `2026-11-28T10:00:00.000Z ${LINE}\n`],
    ['as `aws logs tail` prints them', `2026-11-28T10:00:00.000000+00:00 2026/11/28/[$LATEST]0 ${LINE}\n`],
    ['as `aws logs filter-log-events --output text` prints them', `EVENTS\t1\t2\ts\t${LINE}\t3\n`],
    ['as one event in each line', `${JSON.stringify(eventOf(`${LINE}\n`))}\n`],
    ['as a document in one line', JSON.stringify({ events: [eventOf(LINE)], searchedLogStreams: [] })],
    ['as a document in many lines', JSON.stringify({ events: [eventOf(`${LINE}\n`)] }, null, 4)],
  ])('%s', async (_how, text) => {
    expect(await reading(text)).toEqual([READ]);
  });

  it('one by one, leaving out those about anything else', async () => {
    expect(await reading([LINE, OTHER, '{"type":"platform.report"}', LINE].join('\n'))).toEqual([READ, READ]);
    const events = [eventOf(LINE), eventOf(OTHER), eventOf('START RequestId: 1 {'), eventOf(LINE)];
    expect(await reading(JSON.stringify({ events }, null, 2))).toEqual([READ, READ]);
    expect(await reading('')).toEqual([]);
    const many = Array.from({ length: 20_000 }, () => eventOf(LINE));
    expect(await reading(JSON.stringify({ events: many }))).toHaveLength(20_000);
  });
});

describe('a line that cannot be read is named by its number', () => {
  it.each<[string, string]>([
    ['no JSON', 'history-extended'],
    ['half a line', LINE.slice(0, -5)],
    ['a list', '[1]'],
    ['a text', '"canary"'],
    ...(
      [
        ['business', 'x'],
        ['business', undefined],
        ['customer', BUSINESS.toUpperCase()],
        ['number', '2'],
        ['number', 0],
        ['number', 1.5],
        ['head', 'd'.repeat(63)],
        ['head', undefined],
        ['keyIds', 'k1'],
        ['keyIds', [1]],
      ] as const
    ).map(([name, value]): [string, string] => [
      `${name} ${String(value)}`,
      JSON.stringify({ ...FIELDS, [name]: value }),
    ]),
  ])('%s', async (_what, text) => {
    expect(await reading([LINE, '', text, LINE].join('\n'))).toEqual([READ, { unreadable: 3 }, READ]);
  });

  it('or, in a document, by the number of its event', async () => {
    const events = [eventOf(LINE), eventOf(JSON.stringify({ ...FIELDS, number: -1 }))];
    expect(await reading(JSON.stringify({ events }, null, 2))).toEqual([READ, { unreadable: 2 }]);
    expect(await reading('{\n"events": 1\n}')).toEqual([{ unreadable: 1 }]);
    expect(await reading('{\n"events": [')).toEqual([{ unreadable: 1 }]);
  });

  it('by the command too, a hundred times at most, without a word of the line', async () => {
    const business = aBusinessId();
    let status = -1;
    const file = fileOf('canary\n'.repeat(102));
    const lines = await linesWrittenBy(async () => {
      status = await runCommandLine(['verify-histories', '--business', business, '--lines', file], COMMANDS);
    });
    expect(status).toBe(1);
    expect(lines.filter((line) => /cannot be read/.test(line))).toEqual([
      ...Array.from({ length: 100 }, (_, index) => `Line ${String(index + 1)} of the file cannot be read.`),
      '2 more lines of the file cannot be read.',
    ]);
    expect(lines.join()).not.toContain('canary');
  });

  it('a file that is not there is an error of usage', async () => {
    let status = -1;
    const lines = await linesWrittenBy(async () => {
      const args = ['verify-histories', '--all', '--lines', join(folder, 'missing')];
      status = await runCommandLine(args, COMMANDS);
    });
    expect([status, lines.join()]).toEqual([2, expect.stringContaining('Cannot read')]);
  });
});
