import { describe, expect, it } from '@jest/globals';
import {
  archivedBefore,
  archiveObjectKey,
  archivePrefix,
  asksForRecall,
  joinedNotes,
  requireHere,
} from '#lib/domain/rights/archive.ts';
import { fc } from '#test/support/fast-check.ts';
import { SEED } from '#test/support/seed.ts';

const whose = { businessId: 'b', customerId: 'c' };

describe('an object of the archive', () => {
  it('lies under its business and its customer', () => {
    expect(archivePrefix(whose)).toBe('archive/b/c/');
    expect(archiveObjectKey(whose, { auditSeq: 7, attempt: 'x' })).toBe('archive/b/c/7/x');
  });
});

describe('who is due', () => {
  it('was changed last so many days before', () => {
    const now = new Date('2026-03-31T12:00:00.000Z');
    expect(archivedBefore(now, 30)).toEqual(new Date('2026-03-01T12:00:00.000Z'));
  });
});

describe('two notes', () => {
  it.each([
    [null, null, null],
    ['a', null, 'a'],
    [null, 'b', 'b'],
    ['a', 'b', 'a\n\nb'],
    ['same', 'same', 'same'],
    ['tea', 'likes tea a lot', 'likes tea a lot'],
    ['likes tea a lot', 'tea', 'likes tea a lot'],
  ])('%j and %j become %j', (archived, since, joined) => {
    expect(joinedNotes(archived, since)).toBe(joined);
  });

  it('lose nothing, and joining twice is joining once', () => {
    const note = fc.option(fc.string());
    const property = fc.property(note, note, (archived, since) => {
      const joined = joinedNotes(archived, since);
      expect(joined ?? '').toContain(archived ?? '');
      expect(joined ?? '').toContain(since ?? '');
      expect(joinedNotes(archived, joined)).toBe(joined);
      expect(joined === null).toBe(archived === null && since === null);
    });
    fc.assert(property, { seed: SEED });
  });
});

describe('a recall', () => {
  it.each([
    ['archived', 'active', true],
    ['archived', 'suspended', true],
    ['archived', 'archived', false],
    ['archived', 'deleted', false],
    ['deleted', 'archived', true],
    ['deleted', 'active', true],
  ] as const)('of a customer that goes from %s to %s: %j', (from, to, isAsked) => {
    expect(asksForRecall({ from, to })).toBe(isAsked);
  });
});

describe('what needs the whole record', () => {
  it('is refused while a part of it is away', () => {
    expect(() => requireHere({ isAway: false })).not.toThrow();
    expect(() => requireHere({ isAway: true })).toThrow(
      expect.objectContaining({ code: 'in-archive', message: expect.stringContaining('Recall it') }),
    );
  });
});
