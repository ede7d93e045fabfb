import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PageParameters } from '#lib/contract/paging.ts';

describe('PageParameters', () => {
  it('are the first 20, newest first, unless told otherwise', () => {
    expect(PageParameters.parse({})).toEqual({
      page: 1,
      pageSize: 20,
      orderBy: 'createdAt',
      orderDir: 'desc',
    });
  });

  it('take every page size from 1 to 1,000', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 2_000 }), (size) => {
        const isFine = size >= 1 && size <= 1_000;
        expect(PageParameters.safeParse({ pageSize: String(size) }).success).toBe(isFine);
      }),
    );
  });

  it('refuse or read any text, and never with anything but a number inside', () => {
    fc.assert(
      fc.property(fc.string(), (page) => {
        const parsed = PageParameters.safeParse({ page });
        if (parsed.success) expect(Number.isSafeInteger(parsed.data.page)).toBe(true);
      }),
    );
  });

  it('leave out what they do not name', () => {
    expect(PageParameters.parse({ other: 'x' })).not.toHaveProperty('other');
  });
});
