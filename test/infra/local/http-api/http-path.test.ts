import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { decodePath } from '#infra/local/http-api/http-path.ts';

const name = fc.string({ unit: 'grapheme' }).filter((text) => !/[%?]/.test(text) && text.isWellFormed());

describe('a path', () => {
  it('comes back from being encoded once or twice', () => {
    fc.assert(
      fc.property(name, (text) => {
        const once = encodeURIComponent(text);
        expect(decodePath(`/${once}`)).toBe(`/${text}`);
        expect(decodePath(`/${encodeURIComponent(once)}`)).toBe(`/${text}`);
      }),
    );
  });

  it('ends where an encoded question mark stands', () => {
    fc.assert(
      fc.property(name, fc.string(), (kept, lost) => {
        expect(decodePath(`/${encodeURIComponent(kept)}%3F${encodeURIComponent(lost)}`)).toBe(`/${kept}`);
      }),
    );
  });

  it.each([
    ['/100%25', '/100%'],
    ['/a%25zz', '/a%zz'],
    ['/a%253Fb', '/a?b'],
  ])('keeps what does not decode a second time: %s', (path, expected) => {
    expect(decodePath(path)).toBe(expected);
  });

  it.each(['/%', '/%zz', '/%E0%A4'])('is nothing when it is no percent-encoding: %s', (path) => {
    expect(decodePath(path)).toBeUndefined();
  });
});
