import { describe, expect, it } from '@jest/globals';
import {
  ActivityParameters,
  MaybeMoment,
  momentOrNull,
  nextCursor,
  SpendDto,
  toSpendDto,
} from '#lib/contract/activity-page.ts';

const AT = new Date('2026-01-01T00:00:00.000Z');

describe('what is asked for', () => {
  it('has twenty entries a page if nothing is said, and at most 200', () => {
    expect(ActivityParameters.parse({})).toEqual({ pageSize: 20 });
    expect(ActivityParameters.parse({ pageSize: '200', from: AT.toISOString() })).toEqual({
      pageSize: 200,
      from: AT,
    });
    for (const wrong of [
      { pageSize: '201' },
      { pageSize: '0' },
      { status: 'x'.repeat(61) },
      { to: '2026-01-01' },
    ])
      expect(ActivityParameters.safeParse(wrong).success).toBe(false);
  });
});

describe('amounts', () => {
  it('are in the major unit of their currency', () => {
    const spend = { paid: 1_250, refunded: 250, payments: 2 };
    expect(toSpendDto({ currency: 'PLN', ...spend })).toEqual({
      currency: 'PLN',
      paid: 12.5,
      refunded: 2.5,
      payments: 2,
    });
    expect(toSpendDto({ currency: 'JPY', ...spend })).toMatchObject({ paid: 1_250, refunded: 250 });
    expect([momentOrNull(AT), momentOrNull(null)]).toEqual([AT.toISOString(), null]);
  });

  it('are answered with each of their fields, and no other', () => {
    const dto = { currency: 'PLN', paid: 12.5, refunded: 2.5, payments: 2 };
    expect(SpendDto.parse({ ...dto, secret: 1 })).toEqual(dto);
    for (const name of Object.keys(dto))
      expect(SpendDto.safeParse({ ...dto, [name]: undefined }).success).toBe(false);
  });
});

describe('what an answer may lack', () => {
  it('is the cursor of the next page, and a moment that is not known', () => {
    expect([nextCursor.safeParse(undefined).success, MaybeMoment.safeParse(null).success]).toEqual([
      true,
      true,
    ]);
    expect([nextCursor.safeParse(null).success, MaybeMoment.safeParse(undefined).success]).toEqual([
      false,
      false,
    ]);
  });
});
