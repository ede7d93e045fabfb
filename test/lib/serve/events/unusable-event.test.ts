import { describe, expect, it } from '@jest/globals';
import { UnusableEvent } from '#lib/serve/events/unusable-event.ts';

const placeOf = (...path: PropertyKey[]) => new UnusableEvent('invalid-data', { ids: {}, path }).place;

describe('an event that cannot be used', () => {
  it('holds a code, ids and a place', () => {
    const ids = { eventId: 'e1', businessId: 'b1' };
    const error = new UnusableEvent('invalid-data', { ids, path: ['lines', 0, 'at'] });
    expect(error).toMatchObject({
      ...{ name: 'UnusableEvent', code: 'invalid-data' },
      ids,
      place: 'lines.0.at',
    });
    expect([error.message, placeOf()]).toEqual(['invalid-data', undefined]);
  });

  it('names words and positions of a place, and nothing that a sender could have made up', () => {
    expect(placeOf('a', 'detail-type', '_id', 'x'.repeat(40), 0, 9_999)).toBe(
      `a.detail-type._id.${'x'.repeat(40)}.0.9999`,
    );
    for (const made of [
      'Anna Canary',
      'anna@example.com',
      '+48123456789',
      'x'.repeat(41),
      '',
      'a1',
      '1a',
      10_000,
    ])
      expect(placeOf('lines', made, 'at')).toBe('lines.at');
    expect(placeOf('Anna Canary')).toBeUndefined();
  });
});
