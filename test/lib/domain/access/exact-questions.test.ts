import { describe, expect, it } from '@jest/globals';
import {
  COUNTED_MS,
  type CountedQuestion,
  isMissLimited,
  MANY_DENIALS,
  MOST_MISSES,
  verdictOn,
} from '#lib/domain/access/exact-questions.ts';
import { ROLES } from '#lib/domain/access/scope.ts';

const NOW = new Date('2026-03-04T12:00:00.000Z');
const asked = (id: string, agoMs: number, isDenied = false): CountedQuestion => ({
  id,
  caller: 'user-1',
  at: new Date(NOW.getTime() - agoMs),
  isDenied,
});

describe('exact questions', () => {
  it('may miss 20 times in an hour, and the alarm goes off after 20 denials', () => {
    expect([MOST_MISSES, COUNTED_MS, MANY_DENIALS]).toEqual([20, 3_600_000, 20]);
  });

  it('are limited for the role that sees masks, and for no other', () => {
    expect(ROLES.filter(isMissLimited)).toEqual(['SUPPORT']);
  });
});

describe('the verdict on a question', () => {
  it('is granted when it was counted as a miss', () => {
    expect(verdictOn('b', [asked('a', 5), asked('b', 0)], NOW)).toEqual({ isGranted: true, id: 'b' });
  });

  it('is denied until the oldest miss no longer counts, however the questions are ordered', () => {
    const questions = [asked('b', 1_000), asked('a', COUNTED_MS - 90_500), asked('c', 0, true)];
    expect(verdictOn('c', questions, NOW)).toEqual({ isGranted: false, retryAfterSeconds: 91, denial: 1 });
  });

  it('does not wait for a denial to pass', () => {
    const questions = [asked('c', COUNTED_MS - 5_000, true), asked('a', 10_000), asked('d', 0, true)];
    expect(verdictOn('d', questions, NOW)).toEqual({ isGranted: false, retryAfterSeconds: 3_590, denial: 2 });
  });

  it('says no place of a denial that was not counted any more', () => {
    expect(verdictOn('x', [asked('a', 0), asked('b', 0, true)], NOW)).toEqual({
      isGranted: false,
      retryAfterSeconds: 3_600,
      denial: null,
    });
  });

  it('asks to wait a second at least', () => {
    expect(verdictOn('x', [asked('a', COUNTED_MS)], NOW)).toMatchObject({ retryAfterSeconds: 1 });
    expect(verdictOn('x', [], NOW)).toMatchObject({ retryAfterSeconds: 3_600 });
  });
});
