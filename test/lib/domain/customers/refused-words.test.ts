import { describe, expect, it } from '@jest/globals';
import { newCustomer } from '#lib/domain/customers/customer.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { toProblemAnswer } from '#lib/serve/answer/problem-answer.ts';
import { saidTwice } from '#test/support/said-twice.ts';
import { ID, rules, someFields } from '../samples.ts';

/** The codes and the sentences with which libphonenumber refuses. */
const OF_THE_PHONE_LIBRARY =
  /NOT_A_NUMBER|INVALID_COUNTRY|TOO_SHORT|TOO_LONG|INVALID_LENGTH|ParseError|libphonenumber|metadata|not seem to be/i;

/** One for each reason that libphonenumber has: no number, an unknown calling code, too short, too long, a wrong length. */
const PHONES = ['abc', '+999 1', '+4', '12', '+48 1', `+48${'1'.repeat(30)}`, '9'.repeat(60), '+', '()'];

const problemOf = (fields: Parameters<typeof newCustomer>[1]) => {
  try {
    newCustomer(ID, fields, rules());
  } catch (error) {
    if (error instanceof Refusal) return JSON.parse(toProblemAnswer(error, 'r-1').body);
    throw error;
  }
  throw new Error('Nothing was refused.');
};

describe('a refused customer', () => {
  it.each(PHONES)('with the phone %j is told so in our own words', (phone) => {
    const problem = problemOf(someFields({ phone }));
    expect(problem.errors).toMatchObject([{ pointer: '#/phone' }]);
    expect(JSON.stringify(problem)).not.toMatch(OF_THE_PHONE_LIBRARY);
    expect(saidTwice(problem)).toEqual([]);
  });

  it.each([
    ['one field', someFields({ email: 'anna' }), 'Some fields are not valid: email.', 1],
    ['two fields', someFields({ email: 'anna', phone: '1' }), 'Some fields are not valid: email, phone.', 2],
    ['no contact at all', { customerType: 'new' }, 'This request is not valid.', 1],
  ] as const)(
    'for %s: the message names it, the errors say what is wrong',
    (_what, fields, message, errors) => {
      const problem = problemOf(fields);
      expect([problem.message, problem.detail, problem.errors.length]).toEqual([message, message, errors]);
      expect(saidTwice(problem)).toEqual([]);
    },
  );
});
