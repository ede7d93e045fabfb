import { describe, expect, it } from '@jest/globals';
import { USES_OF_A_LINK, USES_OF_ALL_LINKS } from '#lib/domain/access/link-budget.ts';

describe('the uses of unsubscribe links', () => {
  it('are 20 a minute for one, and 1,200 for all', () => {
    expect(USES_OF_A_LINK).toEqual({ most: 20, windowMs: 60_000 });
    expect(USES_OF_ALL_LINKS).toEqual({ most: 1_200, windowMs: 60_000 });
  });
});
