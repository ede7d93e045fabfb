import { describe, expect, it } from '@jest/globals';
import { Error as MongooseErrors, mongo } from 'mongoose';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { toProblemAnswer } from '#lib/serve/answer/problem-answer.ts';
import { translateError } from '#lib/store/database/database-errors.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { saidTwice } from '#test/support/said-twice.ts';

const answerTo = async (error: unknown) => {
  let answered: ReturnType<typeof toProblemAnswer> | undefined;
  const lines = await linesWrittenBy(() => {
    answered = toProblemAnswer(error, 'r-1');
  });
  if (answered === undefined) throw new Error('No answer.');
  return { ...answered, body: JSON.parse(answered.body), lines };
};

describe('the answer to an error', () => {
  it('serves both readers of a refusal', async () => {
    const { statusCode, headers, body } = await answerTo(new Refusal('customer-not-found', 'Nobody has it.'));
    expect(statusCode).toBe(404);
    expect(headers).toEqual({ 'content-type': 'application/problem+json; charset=utf-8' });
    expect(body).toEqual({
      type: 'urn:problem:customer-management:customer-not-found',
      title: 'Customer not found',
      status: 404,
      detail: 'Nobody has it.',
      instance: 'urn:request:r-1',
      statusCode: 404,
      error: 'Customer not found',
      message: 'Nobody has it.',
      code: 'customer-not-found',
    });
  });

  it('lists findings, each with its place and its words twice', async () => {
    const violation = { in: 'body', pointer: '#/email', error: 'email-format', message: 'No.' } as const;
    const { body } = await answerTo(
      new Refusal('invalid-request', 'All wrong.', { violations: [violation] }),
    );
    expect(body.errors).toEqual([{ ...violation, detail: 'No.' }]);
    expect([body.message, body.detail]).toEqual(['All wrong.', 'All wrong.']);
  });

  it.each(['No email.', 'No email. No phone.', 'It is wrong. No phone.'])(
    'names the places where the refusal says no more than its findings: %s',
    async (message) => {
      const violations = [
        { in: 'body', pointer: '#/email', error: 'email-format', message: 'No email.' },
        { in: 'body', pointer: '#/phone', error: 'phone-format', message: 'No phone.' },
      ] as const;
      const { body } = await answerTo(new Refusal('invalid-request', message, { violations }));
      expect([body.message, body.detail]).toEqual(Array(2).fill('Some fields are not valid: email, phone.'));
      expect(body.errors.map((error: any) => error.message)).toEqual(['No email.', 'No phone.']);
      expect(saidTwice(body)).toEqual([]);
    },
  );

  it('has no word of the driver or of Mongoose, whichever error it is', async () => {
    const words = 'canary in the words of a library';
    const failures = [
      ...[50, 91, 112, 121, 189, 10107, 11000].map(
        (code) => new mongo.MongoServerError({ code, errmsg: words, message: words }),
      ),
      new mongo.MongoNetworkError(words),
      new mongo.MongoServerSelectionError(words, {} as never),
      new mongo.MongoClientBulkWriteError({ message: words }),
      new MongooseErrors(words),
      new MongooseErrors.CastError('ObjectId', words, 'path'),
      Object.assign(new Error(words), { code: 'ECONNRESET' }),
    ];
    for (const failure of failures) {
      const { statusCode, body } = await answerTo(translateError(failure));
      expect(statusCode).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(body)).not.toContain('canary');
      expect([
        'The database did not answer in time. Try again.',
        'Something went wrong on our side. It has been reported.',
      ]).toContain(body.message);
    }
  });

  it.each(['illegal-transition', 'duplicate-email', 'duplicate-phone', 'legal-hold'] as const)(
    'is 409 for %s, because a 400 makes the panel drop the edit',
    async (code) => {
      const { statusCode, body } = await answerTo(new Refusal(code, 'No.'));
      expect([statusCode, body.status, body.statusCode]).toEqual([409, 409, 409]);
    },
  );

  it('carries the current ETag of a stale version', async () => {
    const { headers } = await answerTo(new Refusal('stale-version', 'Stale.', { currentVersion: '7' }));
    expect(headers['etag']).toBe('"7"');
  });

  it('says to whom asked for too much when to come again, and when all of it is back', async () => {
    const rateLimit = { limit: 80, resetSeconds: 8 };
    const refusal = new Refusal('rate-limited', 'Later.', { retryAfterSeconds: 1, rateLimit });
    const { statusCode, headers } = await answerTo(refusal);
    expect([statusCode, headers]).toEqual([
      429,
      {
        'content-type': 'application/problem+json; charset=utf-8',
        'retry-after': '1',
        'ratelimit-limit': '80',
        'ratelimit-remaining': '0',
        'ratelimit-reset': '8',
      },
    ]);
  });

  it('says when to try again what was unavailable', async () => {
    const { statusCode, headers, body } = await answerTo(new Unavailable('Later.', { retryAfterSeconds: 3 }));
    expect([statusCode, headers['retry-after'], body.code]).toEqual([503, '3', 'database-unavailable']);
  });

  it('tells nothing of a fault of ours, and counts it', async () => {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    const { statusCode, body, lines } = await answerTo(new Error('canary in a message'));
    expect([statusCode, body.code]).toEqual([500, 'internal-error']);
    expect(JSON.stringify(body) + lines.join()).not.toContain('canary');
    expect(lines.join()).toContain('DefectMet');
  });

  it.each(['a text', null, undefined, 7, { code: 'customer-not-found' }])(
    'is 500 to %j, thrown',
    async (thrown) => {
      expect((await answerTo(thrown)).statusCode).toBe(500);
    },
  );
});
