import { expect } from '@jest/globals';
import { saidTwice } from './said-twice.ts';
import type { Answer } from './service.ts';
import { expectNothingWritten, type Stored } from './stored.ts';

/** Checks that an error answer serves both kinds of clients: RFC 9457 and the business panel. */
export const expectProblem = (answer: Answer, status: number, code: string): void => {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  const { title, detail } = answer.body;
  expect(answer.body).toMatchObject({ status, statusCode: status, error: title, message: detail });
  expect(answer.body.type).toMatch(/^urn:problem:/);
  expect(answer.body.instance).toMatch(/^urn:request:/);
  expect(detail).not.toBe('');
  expect(saidTwice(answer.body)).toEqual([]);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
};

/** Checks that a request is refused, in the words of both kinds of clients, and leaves no trace in the database. */
export const expectRefused = async (
  service: Stored,
  request: () => Promise<Answer>,
  [status, code]: readonly [number, string],
): Promise<Answer> => {
  const answer = await expectNothingWritten(service, request);
  expectProblem(answer, status, code);
  return answer;
};
