import { describe, expect, it } from '@jest/globals';
import { logPattern } from '#infra/local/logs/log-pattern.ts';

describe('a filter pattern', () => {
  const either = logPattern('{ ($.message = "customer-accessed") || ($.message = "access-denied") }');

  it.each([
    ['{"message":"customer-accessed","actor":"a"}', true],
    ['{"actor":"a","message":"access-denied"}', true],
    ['{"message":"request-answered"}', false],
    ['{"inner":{"message":"access-denied"}}', false],
    ['{"message":"access-denied', false],
    ['customer-accessed', false],
    ['["access-denied"]', false],
    ['', false],
  ])('tells of the line %s: %s', (line, isMatch) => {
    expect(either(line)).toBe(isMatch);
  });

  it('may have one alternative only', () => {
    const one = logPattern('{ $.kind = "a" }');
    expect([one('{"kind":"a"}'), one('{"kind":"b"}')]).toEqual([true, false]);
  });

  it.each(['', 'ERROR', '[a, b]', '{ $.status = 4* }', '{ $.a = "x*" }', '{ ($.a = "x") && ($.b = "y") }'])(
    'is refused when it is not played: %s',
    (pattern) => {
      expect(() => logPattern(pattern)).toThrow(/is not supported locally/);
    },
  );
});
