import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#lib/domain/errors.ts';
import {
  definitionText,
  isSameDefinition,
  MOST_SEGMENTS,
  requireSense,
  resolvedMoment,
  type SegmentDefinition,
} from '#lib/domain/messages/segment.ts';

const NOW = new Date('2026-11-28T10:00:00.000Z');
const at = (text: string): Date => new Date(`${text}T00:00:00.000Z`);

/** The places of a definition that are refused, with why. */
const refused = (definition: SegmentDefinition): [string, string, string][] => {
  try {
    requireSense(definition, '#/definition', NOW);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toBe('invalid-request');
    const { violations = [] } = error.details;
    expect(violations).not.toEqual([]);
    const names = violations.map(({ pointer }) => pointer.slice(2));
    expect(error.message).toBe(`Some fields are not valid: ${names.join(', ')}.`);
    return violations.map(({ in: part, pointer, error: rule, message }) => {
      expect(part).toBe('body');
      return [pointer, rule, message];
    });
  }
};
const place = (name: string, message: string): [string, string, string] => [
  `#/definition/${name}`,
  'contradiction',
  message,
];

describe('a definition', () => {
  it('must have a condition', () => {
    const nothing = [['#/definition', 'no-condition', 'This must have at least one condition.']];
    expect(refused({})).toEqual(nothing);
    expect(refused({ states: undefined, visitsAtLeast: undefined })).toEqual(nothing);
    expect(refused({ visitsAtLeast: 0 })).toEqual([]);
    expect(refused({ states: ['active'] })).toEqual([]);
  });

  it.each<[SegmentDefinition, string, string]>([
    [{ createdAfter: at('2026-01-02'), createdBefore: at('2026-01-02') }, 'createdBefore', 'createdAfter'],
    [{ createdAfter: at('2026-01-03'), createdBefore: at('2026-01-02') }, 'createdBefore', 'createdAfter'],
    [
      { lastVisitAfter: { daysAgo: 5 }, lastVisitBefore: { daysAgo: 5 } },
      'lastVisitBefore',
      'lastVisitAfter',
    ],
    [
      { lastVisitAfter: { daysAgo: 5 }, lastVisitBefore: { daysAgo: 6 } },
      'lastVisitBefore',
      'lastVisitAfter',
    ],
    [
      { firstVisitAfter: { daysAgo: 5 }, firstVisitBefore: at('2026-11-23') },
      'firstVisitBefore',
      'firstVisitAfter',
    ],
    [
      { firstVisitAfter: at('2026-02-01'), lastVisitBefore: at('2026-01-31') },
      'lastVisitBefore',
      'firstVisitAfter',
    ],
  ])('%j ends before it begins', (definition, name, after) => {
    expect(refused(definition)).toEqual([place(name, `This must be later than \`${after}\`.`)]);
  });

  it.each<SegmentDefinition>([
    { createdAfter: at('2026-01-01'), createdBefore: at('2026-01-02') },
    { createdAfter: { daysAgo: 5 }, createdBefore: { daysAgo: 4 } },
    { createdAfter: { daysAgo: 5 }, createdBefore: at('2026-11-24') },
    // Empty today, and not for ever.
    { createdAfter: at('2026-11-27'), createdBefore: { daysAgo: 3_650 } },
    { lastVisitAfter: at('2026-02-01'), firstVisitBefore: at('2026-01-01') },
    { visitsAtLeast: 2, visitsAtMost: 2 },
    { visitsAtMost: 2 },
    { visitsAtLeast: 2 },
    { visitsAtLeast: 2, lastVisitAfter: { daysAgo: 1 } },
    { neverVisited: true, visitsAtLeast: 0, visitsAtMost: 3, createdAfter: { daysAgo: 1 } },
    { visitsAtMost: 0, states: ['archived'] },
    { visitsAtMost: 1, lastVisitAfter: { daysAgo: 1 } },
  ])('%j can be met', (definition) => {
    expect(refused(definition)).toEqual([]);
  });

  it('cannot ask for more visits than it allows', () => {
    expect(refused({ visitsAtLeast: 3, visitsAtMost: 2 })).toEqual([
      place('visitsAtMost', 'This must not be less than `visitsAtLeast`.'),
    ]);
    expect(refused({ visitsAtLeast: 1, visitsAtMost: 0 })).toEqual([
      place('visitsAtMost', 'This must not be less than `visitsAtLeast`.'),
    ]);
  });

  it('cannot ask for a visit and for none', () => {
    const message = (none: string) => `This asks for a visit, and \`${none}\` for none.`;
    expect(refused({ neverVisited: true, visitsAtLeast: 1 })).toEqual([
      place('visitsAtLeast', message('neverVisited')),
    ]);
    const moments = {
      createdAfter: { daysAgo: 9 },
      lastVisitAfter: { daysAgo: 9 },
      lastVisitBefore: { daysAgo: 1 },
      firstVisitAfter: { daysAgo: 9 },
      firstVisitBefore: { daysAgo: 1 },
    };
    const all = ['lastVisitAfter', 'lastVisitBefore', 'firstVisitAfter', 'firstVisitBefore'];
    expect(refused({ neverVisited: true, ...moments })).toEqual(
      all.map((name) => place(name, message('neverVisited'))),
    );
    expect(refused({ visitsAtMost: 0, ...moments })).toEqual(
      all.map((name) => place(name, message('visitsAtMost'))),
    );
  });
});

describe('a time of a segment', () => {
  it('is a moment, or counts back in days of 24 hours', () => {
    expect(resolvedMoment(at('2026-01-01'), NOW)).toEqual(at('2026-01-01'));
    expect(resolvedMoment({ daysAgo: 2 }, NOW)).toEqual(new Date('2026-11-26T10:00:00.000Z'));
  });
});

describe('two definitions', () => {
  it('are the same with the same conditions in any order', () => {
    const one: SegmentDefinition = { visitsAtLeast: 1, createdAfter: { daysAgo: 1 }, states: undefined };
    expect(isSameDefinition(one, { createdAfter: { daysAgo: 1 }, visitsAtLeast: 1 })).toBe(true);
    expect(isSameDefinition(one, { createdAfter: { daysAgo: 2 }, visitsAtLeast: 1 })).toBe(false);
    expect(isSameDefinition(one, { createdAfter: { daysAgo: 1 } })).toBe(false);
    expect(definitionText({ visitsAtMost: 2, createdAfter: at('2026-01-01') })).toBe(
      '[["createdAfter","2026-01-01T00:00:00.000Z"],["visitsAtMost",2]]',
    );
  });

  it('are at most a hundred in a business', () => {
    expect(MOST_SEGMENTS).toBe(100);
  });
});
