import { describe, expect, it } from '@jest/globals';
import { favouritesIn, preferredMethodIn } from '#lib/domain/activity/favourites.ts';

const line = (serviceId: string | null, ...specialistIds: string[]) => ({ serviceId, specialistIds });
const order = (...services: ReturnType<typeof line>[]) => ({ services });

describe('favourites', () => {
  it('are what most orders have, the most frequent first', () => {
    const orders = [order(line('cut', 'anna')), order(line('dye', 'ben')), order(line('dye', 'anna', 'ben'))];
    expect(favouritesIn(orders)).toEqual({
      services: [
        { id: 'dye', count: 2 },
        { id: 'cut', count: 1 },
      ],
      specialists: [
        { id: 'anna', count: 2 },
        { id: 'ben', count: 2 },
      ],
    });
  });

  it('of equals, have the one first that was ordered last', () => {
    const orders = [order(line('new')), order(line('old')), order(line('older'))];
    expect(favouritesIn(orders).services.map(({ id }) => id)).toEqual(['new', 'old', 'older']);
  });

  it('count an order once, however many of its lines have it', () => {
    const orders = [order(line('cut', 'anna'), line('cut', 'anna')), order(line('dye', 'ben'))];
    expect(favouritesIn(orders).services.map(({ count }) => count)).toEqual([1, 1]);
    expect(favouritesIn(orders).specialists.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('are at most five of each', () => {
    const orders = 'abcdefg'.split('').map((id) => order(line(id, id)));
    const { services, specialists } = favouritesIn(orders);
    expect(services.map(({ id }) => id).join('')).toBe('abcde');
    expect(specialists.map(({ id }) => id).join('')).toBe('abcde');
  });

  it('are none without orders, and none of a line without a service', () => {
    expect(favouritesIn([])).toEqual({ services: [], specialists: [] });
    expect(favouritesIn([order(line(null, 'anna'))])).toEqual({
      services: [],
      specialists: [{ id: 'anna', count: 1 }],
    });
  });
});

describe('the preferred method', () => {
  it('is that of most payments; of equals, the one that was used last', () => {
    expect(preferredMethodIn(['CARD', 'CASH', 'CASH'])).toBe('CASH');
    expect(preferredMethodIn(['CARD', 'CASH'])).toBe('CARD');
    expect(preferredMethodIn([null, null, 'CASH'])).toBe('CASH');
  });

  it('is unknown without payments that have one', () => {
    expect(preferredMethodIn([])).toBeNull();
    expect(preferredMethodIn([null])).toBeNull();
  });
});
