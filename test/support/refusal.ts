import { expect } from '@jest/globals';
import type { Answer } from './service.ts';
import { expectNothingWritten, type Stored } from './stored.ts';

/** An error answer must serve both of its readers: RFC 9457 and the business panel. */
export const expectProblem = (answer: Answer, status: number, code: string): void => {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  const { title, detail } = answer.body;
  expect(answer.body).toMatchObject({ status, statusCode: status, error: title, message: detail });
  expect(answer.body.type).toMatch(/^urn:problem:/);
  expect(answer.body.instance).toMatch(/^urn:request:/);
  expect(detail).not.toBe('');
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
};

/** A request must be refused, in both readers' words, and leave no trace in the database. */
export const expectRefused = async (
  service: Stored,
  request: () => Promise<Answer>,
  [status, code]: readonly [number, string],
): Promise<Answer> => {
  const answer = await expectNothingWritten(service, request);
  expectProblem(answer, status, code);
  return answer;
};
