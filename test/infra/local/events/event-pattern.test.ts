import { describe, expect, it } from '@jest/globals';
import { eventPattern } from '#infra/local/events/event-pattern.ts';

const pattern = eventPattern(
  { source: ['a', 'b'], 'detail-type': [{ 'anything-but': ['x', 'y'] }], detail: { data: { kind: ['k'] } } },
  '/App/Rule',
);
const event = (overrides = {}) => ({
  source: 'a',
  'detail-type': 'z',
  detail: { data: { kind: 'k', more: 1 } },
  ...overrides,
});

describe('an event pattern', () => {
  it.each([
    [{}, true],
    [{ source: 'b' }, true],
    [{ source: ['c', 'b'] }, true],
    [{ source: 'c' }, false],
    [{ source: undefined }, false],
    [{ 'detail-type': 'x' }, false],
    [{ 'detail-type': 'y' }, false],
    [{ 'detail-type': undefined }, false],
    [{ detail: { data: { kind: 'l' } } }, false],
    [{ detail: { data: 'k' } }, false],
    [{ detail: undefined }, false],
  ])('tells of an event with %j: %s', (overrides, isMatch) => {
    expect(pattern(event(overrides))).toBe(isMatch);
  });

  it('takes one text in place of a list of what it is not', () => {
    const other = eventPattern({ source: [{ 'anything-but': 'a' }] }, '/App/Rule');
    expect([other({ source: 'a' }), other({ source: 'b' })]).toEqual([false, true]);
  });

  it.each([
    {},
    { source: 'a' },
    { source: [1] },
    { source: [{ prefix: 'a' }] },
    { source: [{ 'anything-but': { prefix: 'a' } }] },
    { source: [{ 'anything-but': ['a'], prefix: 'b' }] },
    { source: [{ exists: true }] },
    { $or: [{ source: ['a'] }] },
  ])('is an error that names its rule when it is not played: %j', (unplayed) => {
    expect(() => eventPattern(unplayed, '/App/Rule')).toThrow(
      /^\/App\/Rule has the pattern .* not played here/,
    );
  });
});
