import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as Logger from '#lib/runtime/logger.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

let logger: typeof Logger;
beforeAll(async () => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  logger = await import('#lib/runtime/logger.ts');
});

const capture = async (write: () => void): Promise<any[]> =>
  (await linesWrittenBy(write)).map((line) => JSON.parse(line));

/** A driver's error as it comes: its message quotes the key that was refused. */
const quotingError = () =>
  Object.assign(
    new Error('E11000 dup key: { email: "canary@example.com" }', { cause: new TypeError('canary') }),
    {
      name: 'MongoServerError',
      code: 11000,
    },
  );

describe('the log', () => {
  it('writes one JSON line an event, with the request it belongs to', async () => {
    const [line] = await capture(() => {
      logger.setLogContext({ requestId: 'r-1', useCase: 'get-customer' });
      logger.logEvent('database-connected', { durationMs: 12 });
    });
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'database-connected',
      durationMs: 12,
      requestId: 'r-1',
      useCase: 'get-customer',
    });
  });

  it('keeps nothing of an earlier request', async () => {
    const [line] = await capture(() => {
      logger.setLogContext({ requestId: 'r-1', useCase: 'get-customer' });
      logger.setLogContext({ requestId: 'r-2', useCase: 'create-customer' });
      logger.logEvent('task-finished', { task: 't', durationMs: 1 });
    });
    expect(line).toMatchObject({ requestId: 'r-2', useCase: 'create-customer' });
  });

  it('says of a fault where it happened and what it was, never its message', async () => {
    const lines = await capture(() => {
      logger.logDefect(quotingError());
    });
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        message: 'defect',
        error: 'MongoServerError',
        code: '11000',
        cause: 'TypeError',
        frames: expect.stringContaining('logger.test.ts'),
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it.each([['a text, canary'], [{ email: 'canary' }], [null], [undefined]])(
    'tells only the type of %j, thrown in place of an error',
    async (thrown) => {
      const [line] = await capture(() => {
        logger.logDefect(thrown);
      });
      expect(line).toMatchObject({ message: 'defect', error: typeof thrown });
      expect(JSON.stringify(line)).not.toContain('canary');
    },
  );
});
