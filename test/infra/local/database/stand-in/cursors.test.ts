import { describe, expect, it } from '@jest/globals';
import { Cursors } from '#infra/local/database/stand-in/cursors.ts';

const cursor = { database: 'shop', continuation: new Uint8Array([1]) };

describe('Cursors', () => {
  it('gives a cursor to one reader at a time', () => {
    const cursors = new Cursors();
    cursors.open(1n, cursor);
    expect(cursors.take(1n)).toMatchObject(cursor);
    expect(() => cursors.take(1n)).toThrow('cursor id 1 not found');
  });

  it('closes once', () => {
    const cursors = new Cursors();
    cursors.open(1n, cursor);
    expect([cursors.close(1n), cursors.close(1n)]).toEqual([true, false]);
  });

  it('closes what nobody used for ten minutes', () => {
    const cursors = new Cursors();
    cursors.open(1n, cursor);
    expect(cursors.closeIdle(Date.now() + 9 * 60_000)).toEqual([]);
    expect(cursors.closeIdle(Date.now() + 11 * 60_000)).toEqual([1n]);
    expect(() => cursors.take(1n)).toThrow('not found');
  });
});
