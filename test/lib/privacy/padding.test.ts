import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { padded, unpadded } from '#lib/privacy/padding.ts';

const isPowerOfTwo = (number: number): boolean => (number & (number - 1)) === 0;

describe('a padded text', () => {
  it.each([
    [0, 16],
    [1, 16],
    [15, 16],
    [16, 32],
    [31, 32],
    [32, 64],
    [1_022, 1_024],
    [1_023, 1_024],
    [1_024, 2_048],
    [2_047, 2_048],
    [2_048, 3_072],
    [100_000, 100_352],
  ])('of %i bytes has %i bytes', (bytes, length) => {
    expect(padded('x'.repeat(bytes))).toHaveLength(length);
  });

  it('has room for its end mark, and at most twice its bytes, or a step of 1,024 more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
        const [bytes, { length }] = [Buffer.byteLength(text), padded(text)];
        expect(length).toBeGreaterThan(bytes);
        expect(length).toBeGreaterThanOrEqual(16);
        expect(length <= 1_024 ? isPowerOfTwo(length) : length % 1_024 === 0).toBe(true);
        if (length > 16) expect(length - bytes).toBeLessThanOrEqual(Math.min(length / 2, 1_024));
      }),
    );
  });

  it('is the text, its end mark and zeros: this is stored, and written down', () => {
    expect(padded('żółw').toString('hex')).toBe('c5bcc3b3c58277800000000000000000');
    expect(padded('').toString('hex')).toBe('80000000000000000000000000000000');
  });

  it('gives the text back, whatever it ends with', () => {
    const anEnd = fc.constantFrom('', '\0', '\u0080', 'À', '\u0080\0', 'x');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), anEnd, (text, end) => {
        const whole = (text + end).toWellFormed();
        expect(unpadded(padded(whole))).toBe(whole);
      }),
    );
  });
});
