import { describe, expect, it } from '@jest/globals';
import { type ProblemCode, PROBLEMS, toProblem } from '#lib/contract/problem.ts';
import { Problem } from '#lib/contract/problem-body.ts';

/** contract.md's table of errors, spelt out. */
const STATUS_OF: Readonly<Record<ProblemCode, number>> = {
  'invalid-request': 400,
  'unknown-field': 400,
  'unknown-parameter': 400,
  'malformed-json': 400,
  'business-required': 400,
  'duplicate-email': 409,
  'duplicate-phone': 409,
  'id-taken': 400,
  'page-too-large': 400,
  'not-permitted': 403,
  'not-a-member': 403,
  'unusable-subject': 403,
  'customer-not-found': 404,
  'segment-not-found': 404,
  'name-taken': 409,
  'too-many-segments': 409,
  'illegal-transition': 409,
  'merged-into': 409,
  suppressed: 409,
  'legal-hold': 409,
  'in-archive': 409,
  'request-in-progress': 409,
  'stale-version': 412,
  'version-required': 428,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'rate-limited': 429,
  'database-unavailable': 503,
  'internal-error': 500,
};

describe('the table of problems', () => {
  it.each(Object.entries(STATUS_OF))('%s is %i', (code, status) => {
    expect(PROBLEMS[code as ProblemCode].status).toBe(status);
  });

  it('has no code but these', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual(Object.keys(STATUS_OF).sort());
  });

  it('has a title of its own for every code', () => {
    const titles = Object.values(PROBLEMS).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe('toProblem', () => {
  it('is as its schema says, with every detail', () => {
    const problem = toProblem('duplicate-email', {
      detail: 'Somebody has it.',
      instance: 'urn:request:1',
      details: {
        violations: [{ in: 'body', pointer: '#/email', error: 'duplicate-email', message: 'Taken.' }],
        existing: { _id: '5f1d7f3a9c3b4e2d8a6c1b0a', state: 'active' },
        survivorId: '5f1d7f3a9c3b4e2d8a6c1b0b',
        fittingPageSize: 7,
      },
    });
    expect(Problem.parse({ ...problem, other: 'canary' })).toEqual(problem);
    expect(problem).toEqual({
      type: 'urn:problem:customer-management:duplicate-email',
      title: 'Duplicate email',
      status: 409,
      detail: 'Somebody has it.',
      instance: 'urn:request:1',
      statusCode: 409,
      error: 'Duplicate email',
      message: 'Somebody has it.',
      code: 'duplicate-email',
      errors: [
        { in: 'body', pointer: '#/email', error: 'duplicate-email', message: 'Taken.', detail: 'Taken.' },
      ],
      existing: { _id: '5f1d7f3a9c3b4e2d8a6c1b0a', state: 'active' },
      survivorId: '5f1d7f3a9c3b4e2d8a6c1b0b',
      fittingPageSize: 7,
    });
  });

  it('names no part of a request but the four there are', () => {
    const problem = toProblem('invalid-request', { detail: 'd', instance: 'i' });
    const about = (part: string) =>
      Problem.safeParse({
        ...problem,
        errors: [{ in: part, pointer: '#', error: 'e', message: 'm', detail: 'd' }],
      });
    expect(['body', 'query', 'path', 'header', 'cookie', ''].map((part) => about(part).success)).toEqual([
      ...[true, true, true, true],
      ...[false, false],
    ]);
  });

  it('has nothing that there is nothing to say about', () => {
    const problem = toProblem('invalid-request', {
      detail: 'd',
      instance: 'i',
      details: { violations: [] },
    });
    for (const name of ['errors', 'existing', 'survivorId', 'fittingPageSize'])
      expect(problem).not.toHaveProperty(name);
  });
});
