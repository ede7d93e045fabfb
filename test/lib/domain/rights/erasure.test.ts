import { describe, expect, it } from '@jest/globals';
import { confirmedAlso, ERASURE_GROUNDS } from '#lib/domain/rights/erasure.ts';

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

describe('a confirmation', () => {
  const at = new Date('2026-02-02T00:00:00.000Z');
  const first = { service: 'invoices', at };

  it('is added behind the others', () => {
    expect(confirmedAlso({ confirmedBy: [] }, first)).toEqual([first]);
    const second = { service: 'calendar', at };
    expect(confirmedAlso({ confirmedBy: [first] }, second)).toEqual([first, second]);
  });

  it('of a service that has confirmed already changes nothing', () => {
    const again = { service: 'invoices', at: new Date(0) };
    expect(confirmedAlso({ confirmedBy: [{ service: 'calendar', at }, first] }, again)).toBeNull();
  });
});
