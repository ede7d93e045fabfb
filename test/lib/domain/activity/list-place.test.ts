import { describe, expect, it } from '@jest/globals';
import { unreadableCursor } from '#lib/domain/refusals.ts';
import { listName, placeIn, placeText } from '#lib/domain/activity/list-place.ts';

const id = 'a'.repeat(24);

describe('a place in a list', () => {
  it.each([0, -1, Date.UTC(2026, 0, 1), Date.UTC(9_999, 0)])('is a text and back: %s', (ms) => {
    const place = { startAt: new Date(ms), id };
    expect(placeIn(placeText(place))).toEqual(place);
  });

  it.each(['', '1', `x ${id}`, `1 ${id}0`, ` 1 ${id}`, `1 ${id.toUpperCase()}`])(
    'is refused as a cursor when it is none: %j',
    (text) => {
      expect(() => placeIn(text)).toThrow(unreadableCursor());
    },
  );
});

describe('the name of a list', () => {
  it('differs with the kind, the customer and each filter', () => {
    const from = new Date(0);
    const names = [
      listName('orders', id, [undefined, undefined]),
      listName('payments', id, [undefined, undefined]),
      listName('orders', id.replace('a', 'b'), [undefined, undefined]),
      listName('orders', id, ['done', undefined]),
      listName('orders', id, [undefined, 'done']),
      listName('orders', id, [from, undefined]),
      listName('orders', id, ['', undefined]),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(listName('orders', id, [new Date(0)])).toBe(listName('orders', id, [from]));
  });
});
