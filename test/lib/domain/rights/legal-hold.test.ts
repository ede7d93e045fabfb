import { describe, expect, it } from '@jest/globals';
import { placeHold } from '#lib/domain/rights/legal-hold.ts';

const at = new Date('2026-11-29T12:00:00.000Z');
const since = new Date('2026-01-31T23:59:59.999Z');
const reason = 'a case at court';

describe('a legal hold', () => {
  it('begins when it is placed', () => {
    expect(placeHold(null, { reason, at })).toEqual({ since: at, reason });
  });

  it('is not placed again for the same reason', () => {
    expect(placeHold({ since, reason }, { reason, at })).toBeNull();
    expect(placeHold({ since: null, reason }, { reason, at })).toBeNull();
  });

  it('gets another reason, and still began when it first did', () => {
    expect(placeHold({ since, reason: 'an earlier one' }, { reason, at })).toEqual({ since, reason });
  });

  it('gets the reason and the beginning that were not known', () => {
    expect(placeHold({ since: null, reason: null }, { reason, at })).toEqual({ since: at, reason });
  });
});
