import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@aws-lambda-powertools/logger';
import type * as Log from '#lib/runtime/logger.ts';
import { admitted, RedactingFormatter } from '#lib/runtime/redaction.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

let logger: typeof Log;
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

describe('what is told of an error', () => {
  const told = async (error: unknown) => {
    const [line] = await capture(() => {
      logger.logDefect(error);
    });
    return line;
  };

  it('names the causes with their codes, the nearest first, and of several at once the first', async () => {
    const socket = Object.assign(new Error('connect anna@example.com'), { code: 'ECONNREFUSED' });
    const error = new Error('x', { cause: new AggregateError([socket, new Error('y')], 'z') });
    expect(await told(error)).toMatchObject({ cause: 'AggregateError,Error:ECONNREFUSED' });
  });

  it('ends with a chain of causes that bites its tail', async () => {
    const error = new Error('x');
    error.cause = error;
    expect(await told(error)).toMatchObject({ cause: 'Error,Error,Error' });
  });

  it('takes no line of the message for a frame', async () => {
    const message = 'note:\n    at Anna (/canary/street.js:1:2)\n    at home (/canary:3:4)';
    const { frames } = await told(new Error(message));
    expect(frames).toContain('logger.test.ts');
    expect(frames).not.toContain('canary');
  });

  it.each<[string, unknown]>([
    ['a name that is a sentence', Object.assign(new Error('x'), { name: 'Anna Canary called' })],
    ['a name that is an email', Object.assign(new Error('x'), { name: 'canary@example.com' })],
    ['a code that is a phone', Object.assign(new Error('x'), { code: '48492627001' })],
    [
      'a stack that is a text',
      Object.assign(new Error('x'), { stack: 'Anna Canary\n    at canary@home:1:2' }),
    ],
    ['properties of its own', Object.assign(new Error('x'), { customer: { email: 'canary@example.com' } })],
    ['a customer in place of an error', { name: 'Anna Canary', message: 'canary', stack: 'canary' }],
  ])('withholds %s', async (_what, error) => {
    const line = JSON.stringify(await told(error)).toLowerCase();
    expect(line).not.toContain('canary');
    expect(line).not.toContain('492627');
  });

  it('survives an error that cannot be read', async () => {
    const error = new Error('x');
    Object.defineProperty(error, 'code', {
      get: () => {
        throw new Error('canary');
      },
    });
    expect(await told(error)).toMatchObject({ message: 'defect', error: 'unreadable' });
  });
});

describe('the way out of the log', () => {
  it('admits listed fields only, whatever was handed in', async () => {
    const [line] = await capture(() => {
      const smuggled = { durationMs: 1, email: 'canary@example.com', nested: { note: 'canary' } };
      logger.logEvent('database-connected', smuggled);
    });
    expect(Object.keys(line).sort()).toEqual([
      'durationMs',
      'level',
      'message',
      'requestId',
      'service',
      'timestamp',
      'useCase',
    ]);
  });

  it.each([
    ['an object', { canary: 1 }],
    ['an email', 'canary@example.com'],
    ['a phone', '48492627001'],
    ['a sentence', 'Anna Canary called'],
    ['a text of 121 characters', 'x'.repeat(121)],
    ['a list', ['canary']],
    ['an object that spells itself', { toString: () => 'name', toJSON: () => 'canary' }],
  ])('withholds %s where a name belongs', (_what, value) => {
    expect(admitted('task-finished', { task: value, durationMs: 1 })).toEqual({
      message: 'task-finished',
      task: '[withheld]',
      durationMs: 1,
    });
  });

  it('knows no other event', () => {
    expect(admitted('canary@example.com', { requestId: 'r-1', error: new Error('canary') })).toEqual({
      message: '[withheld]',
      requestId: 'r-1',
    });
    for (const event of [undefined, {}, 'constructor', '__proto__'])
      expect(admitted(event, {})).toEqual({ message: '[withheld]' });
  });

  it('is passed by powertools itself: an error, an object, an appended key say nothing', async () => {
    const powertools = new Logger({ logFormatter: new RedactingFormatter(), logLevel: 'DEBUG' });
    powertools.appendKeys({ customer: { email: 'canary@example.com' } });
    const lines = await capture(() => {
      powertools.error('canary', new Error('canary'));
      powertools.error('defect', { error: new Error('canary'), cause: { email: 'canary' } });
      powertools.warn({ message: 'canary', email: 'canary' });
      powertools.debug('canary', 'canary');
    });
    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
});
