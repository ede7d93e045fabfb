import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { isUsableSubject, operatorActor, OWN_PREFIXES } from '#lib/domain/access/actor.ts';
import { admitted } from '#lib/runtime/redaction.ts';

const isHeldByTheLog = (actor: unknown): boolean => admitted('access-denied', { actor })['actor'] === actor;

describe('a subject', () => {
  it.each([
    'a',
    '~',
    '!',
    'user-1',
    'auth0|5f1d7f3a',
    'a@b.example',
    'x'.repeat(255),
    'myoperator:a',
    'operator',
  ])('can be %j', (subject) => {
    expect(isUsableSubject(subject)).toBe(true);
  });

  it.each([
    ...['', ' ', 'a b', 'a\n', '\na', 'a\u0000', '\u007f', 'ż', '\u200b', 'x'.repeat(256)],
    ...[undefined, null, 7, true, {}, ['a']],
  ])('cannot be %j', (subject) => {
    expect(isUsableSubject(subject)).toBe(false);
  });

  it.each(OWN_PREFIXES)('cannot begin with %s, in any letter case', (prefix) => {
    for (const subject of [
      prefix,
      `${prefix}a`,
      `${prefix.toUpperCase()}a`,
      `${prefix[0]!.toUpperCase()}${prefix.slice(1)}a`,
    ])
      expect(isUsableSubject(subject)).toBe(false);
    expect(isUsableSubject(`x${prefix}`)).toBe(true);
    expect(isUsableSubject(prefix.slice(0, -1))).toBe(true);
  });

  it('is usable exactly when the log can hold it and it is no name of ours', () => {
    const subjects = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('a', 'A', '1', '-', '|', ':', '~', '!', ' ', '\n'), maxLength: 300 }),
      fc.tuple(fc.constantFrom(...OWN_PREFIXES), fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(subjects, (subject) => {
        const isOurs = OWN_PREFIXES.some((prefix) => subject.toLowerCase().startsWith(prefix));
        expect(isUsableSubject(subject)).toBe(isHeldByTheLog(subject) && !isOurs);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the name of an operator', () => {
  it('is one that no token can have, and that the log can hold', () => {
    expect(operatorActor('alice')).toBe('operator:alice');
    expect(OWN_PREFIXES.some((prefix) => operatorActor('').startsWith(prefix))).toBe(true);
    expect([isUsableSubject(operatorActor('alice')), isHeldByTheLog(operatorActor('alice'))]).toEqual([
      false,
      true,
    ]);
  });
});
