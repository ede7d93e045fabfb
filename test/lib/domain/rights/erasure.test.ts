import { describe, expect, it } from '@jest/globals';
import { ERASURE_GROUNDS } from '#lib/domain/rights/erasure.ts';

describe('the ground of an erasure', () => {
  it('is a plain request or one of those of GDPR, Article 17 (1)', () => {
    expect(ERASURE_GROUNDS).toEqual([
      'request',
      'consent-withdrawn',
      'objection',
      'no-longer-needed',
      'unlawful',
      'legal-obligation',
    ]);
  });
});
