import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { contract } from '#functions/histories/keep-access-log/contract.ts';
import { handler } from '#functions/histories/keep-access-log/handler.ts';
import { ACCESS_EVENTS, HISTORY_EVENTS } from '#lib/runtime/log-events.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { aContext } from '#test/support/service.ts';

const packed = (delivery: unknown) => ({
  awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') },
});
/** A batch as CloudWatch Logs sends it. */
const aBatch = (messages: readonly string[], messageType = 'DATA_MESSAGE') =>
  packed({
    messageType,
    owner: '123456789012',
    logGroup: 'get-customer',
    logStream: '2026/11/23/[$LATEST]1',
    subscriptionFilters: ['keep-access-log'],
    logEvents: messages.map((message, index) => ({ id: String(index), timestamp: index, message })),
  });
const keep = (event: any) => handler(event, aContext(10_000));

describe('keep-access-log', () => {
  it('listens to every event of the access log and to no other', () => {
    expect([...contract.events].sort()).toEqual(Object.keys({ ...ACCESS_EVENTS, ...HISTORY_EVENTS }).sort());
  });

  it('writes each entry as it was written, in order, and nothing else', async () => {
    const entries = ['{"message":"customer-accessed","actor":"zoë"}', '{"message":"access-denied"}'];
    expect(await linesWrittenBy(() => keep(aBatch(entries)))).toEqual(entries);
  });

  it('keeps a page of a thousand customers whole', async () => {
    const customers = Array.from({ length: 1_000 }, (_, index) => index.toString(16).padStart(24, '0'));
    const entry = JSON.stringify({ message: 'customer-accessed', customers });
    expect(await linesWrittenBy(() => keep(aBatch([entry])))).toEqual([entry]);
  });

  it('writes nothing when it is only asked whether it is there', async () => {
    const question = aBatch(['CWL CONTROL MESSAGE: Checking health of destination.'], 'CONTROL_MESSAGE');
    expect(await linesWrittenBy(() => keep(question))).toEqual([]);
  });

  it.each([
    ['is not packed', { awslogs: { data: 'e30=' } }],
    ['is of another form', packed({ messageType: 'DATA_MESSAGE', logEvents: 'canary' })],
  ])('fails, so that it is delivered again, when what comes %s', async (_how, event) => {
    await expect(keep(event)).rejects.toThrow(/^keep-access-log failed; the log line 'defect'/);
  });

  it('fails when the log cannot be written', async () => {
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (_chunk: unknown, done: any) => {
      done(new Error('EPIPE'));
      return false;
    };
    try {
      await expect(keep(aBatch(['{"message":"access-denied"}']))).rejects.toThrow(/failed/);
    } finally {
      process.stdout.write = write;
    }
  });
});
