import { describe, expect, it } from '@jest/globals';
import { LegalHoldDto, toLegalHoldDto } from '#lib/contract/legal-hold-dto.ts';

const ID = 'a'.repeat(24);
const since = new Date('2026-01-31T23:59:59.999Z');

describe('a legal hold in an answer', () => {
  it.each([
    [null, { _id: ID, legalHold: false }],
    [
      { since, reason: 'a case at court' },
      { _id: ID, legalHold: true, since: '2026-01-31T23:59:59.999Z' },
    ],
    [
      { since: null, reason: null },
      { _id: ID, legalHold: true },
    ],
  ])('%j: says whether and since when, and no reason', (hold, expected) => {
    const dto = toLegalHoldDto(ID, hold);
    expect(dto).toStrictEqual(expected);
    expect(LegalHoldDto.parse(dto)).toStrictEqual(expected);
  });

  it('may leave out the beginning only', () => {
    for (const wrong of [{ _id: ID }, { legalHold: true }, { _id: ID, legalHold: 'yes' }])
      expect(LegalHoldDto.safeParse(wrong).success).toBe(false);
  });
});
