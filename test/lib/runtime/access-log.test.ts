import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { recordAccess } from '#lib/runtime/access-log.ts';
import { writeLine } from '#lib/runtime/standard-output.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

type Entry = Parameters<typeof recordAccess>[1];

const anEntry = (overrides: Partial<Entry> = {}): Entry => ({
  requestId: '6b0f3d2c-0000-4000-8000-000000000001',
  useCase: 'find-customers',
  purpose: 'find-customer',
  actor: 'user-1',
  role: 'OWNER',
  business: '5f1d7f3a9c3b4e2d8a6c1b0a',
  outcome: 'read',
  status: 200,
  filters: ['phrase'],
  fields: ['_id', 'email'],
  masked: [],
  customers: ['6f1d7f3a9c3b4e2d8a6c1b0c'],
  ...overrides,
});
const lineOf = async (entry: Entry): Promise<string> => {
  const [line = '', ...others] = await linesWrittenBy(() => recordAccess('customer-accessed', entry));
  expect(others).toEqual([]);
  return line;
};

describe('an entry of the access log', () => {
  it('is one line of JSON', async () => {
    const { timestamp, ...entry } = JSON.parse(await lineOf(anEntry()));
    expect(entry).toEqual({ message: 'customer-accessed', ...anEntry() });
    expect(new Date(timestamp).toISOString()).toBe(timestamp);
  });

  it('names the customers last, as a log query does not look at all of a long list', async () => {
    expect(Object.keys(JSON.parse(await lineOf(anEntry()))).at(-1)).toBe('customers');
  });

  it('fits into one write of the platform with the largest page', async () => {
    const customers = Array.from({ length: 1_000 }, (_, index) => index.toString(16).padStart(24, 'f'));
    expect(Buffer.byteLength(await lineOf(anEntry({ customers })))).toBeLessThan(64 * 1024);
  });

  it.each<[string, Partial<Entry>]>([
    ['an email among the customers', { customers: ['anna@example.com'] }],
    ['a phone among the fields', { fields: ['48512345678'] }],
    ['a phrase among the filters', { filters: ['anna nowak'] }],
    ['a sentence as its purpose', { purpose: 'to call Anna' }],
  ])('withholds %s', async (_what, overrides) => {
    const [name = ''] = Object.keys(overrides);
    expect(JSON.parse(await lineOf(anEntry(overrides)))[name]).toBe('[withheld]');
  });

  it('leaves out what is not in the catalogue', async () => {
    const entry: Entry & { email: string } = { ...anEntry(), email: 'anna@example.com' };
    expect(await lineOf(entry)).not.toContain('anna');
  });
});

describe('writeLine', () => {
  const through = async <T>(stream: PassThrough, steps: () => Promise<T>): Promise<T> => {
    const stdout = Object.getOwnPropertyDescriptor(process, 'stdout')!;
    Object.defineProperty(process, 'stdout', { configurable: true, value: stream });
    try {
      return await steps();
    } finally {
      Object.defineProperty(process, 'stdout', stdout);
    }
  };

  it('waits until the line is out', async () => {
    const events: string[] = [];
    const stream = new PassThrough();
    stream._write = (chunk, _encoding, done) => {
      setImmediate(() => {
        events.push(String(chunk));
        done();
      });
    };
    await through(stream, async () => {
      await writeLine('a');
      events.push('answered');
    });
    expect(events).toEqual(['a\n', 'answered']);
    expect(stream.listenerCount('error')).toBe(0);
  });

  it('fails when the line was not taken, and the process lives on', async () => {
    const stream = new PassThrough();
    stream._write = (_chunk, _encoding, done) => {
      done(new Error('EPIPE'));
    };
    await through(stream, () => expect(writeLine('a')).rejects.toThrow('EPIPE'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.errored).toMatchObject({ message: 'EPIPE' });
  });
});
