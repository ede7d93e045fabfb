import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { CustomerPage, PageParameters } from '#lib/contract/paging.ts';

describe('PageParameters', () => {
  it('are the first 20, newest first, unless told otherwise', () => {
    expect(PageParameters.parse({})).toEqual({
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

  it.each([
    { page: 1 },
    { page: 1_000_000 },
    { orderBy: 'createdAt', orderDir: 'asc' },
    { orderBy: 'updatedAt', orderDir: 'desc' },
    { orderBy: 'name' },
    { orderBy: 'firstName' },
    { orderBy: 'lastName' },
    { orderBy: 'id' },
    { phrase: '' },
    { phrase: 'x'.repeat(300) },
    { state: 'inactive', customerType: 'new' },
  ])('take %j', (parameters) => {
    expect(PageParameters.parse(parameters)).toMatchObject(parameters);
  });

  it('read decimal digits, with leading zeros or not', () => {
    expect(PageParameters.parse({ page: '007', pageSize: '10' })).toMatchObject({ page: 7, pageSize: 10 });
  });

  it('read a moment since when', () => {
    const { updatedSince } = PageParameters.parse({ updatedSince: '2026-01-01T02:00:00+02:00' });
    expect(updatedSince).toEqual(new Date('2026-01-01T00:00:00.000Z'));
  });

  it.each([
    { page: 0 },
    { page: 1_000_001 },
    { page: '1.5' },
    { page: '0x10' },
    { page: '1e2' },
    { page: '0b1' },
    { page: '1.0' },
    { page: '1_0' },
    { page: ' 1' },
    { page: '+1' },
    { page: '１' },
    { pageSize: '0x10' },
    { pageSize: '9'.repeat(400) },
    { orderBy: 'email' },
    { orderBy: '' },
    { orderDir: 'up' },
    { orderDir: '' },
    { phrase: 'x'.repeat(301) },
    { state: 'gone' },
    { customerType: 'old' },
    { updatedSince: 'yesterday' },
  ])('refuse %j', (parameters) => {
    expect(PageParameters.safeParse(parameters).success).toBe(false);
  });

  it('take a page or a cursor, not both', () => {
    const refusedAt = (query: object) =>
      PageParameters.safeParse(query).error?.issues.map(({ path }) => path);
    expect(refusedAt({ page: '2' })).toBeUndefined();
    expect(refusedAt({ cursor: 'A-z_9' })).toBeUndefined();
    expect(refusedAt({ page: '2', cursor: 'A-z_9' })).toEqual([['cursor']]);
    for (const cursor of ['', 'a b', 'a+b', 'a/b', 'a=', 'x'.repeat(5_001)]) {
      expect(refusedAt({ cursor })).toContainEqual(['cursor']);
    }
  });

  it('leave out what they do not name', () => {
    expect(PageParameters.parse({ other: 'x' })).not.toHaveProperty('other');
  });
});

describe('CustomerPage', () => {
  const page = { items: [], totalSize: 0 };

  it('says how many there are in all, and whether a copy must begin again', () => {
    for (const whole of [page, { ...page, resyncRequired: true }])
      expect(CustomerPage.parse({ ...whole, other: 'canary' })).toEqual(whole);
    expect(
      [{ items: [] }, { ...page, items: [{}] }].some((part) => CustomerPage.safeParse(part).success),
    ).toBe(false);
  });
});
