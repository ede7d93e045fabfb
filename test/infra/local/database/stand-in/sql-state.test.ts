import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  codeOfSqlState,
  codeOfWriteError,
  unpackSqlState,
} from '#infra/local/database/stand-in/sql-state.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const pack = (state: readonly string[]): number =>
  state.reduce((packed, letter, place) => packed + ((letter.charCodeAt(0) - 48) << (place * 6)), 0);

describe('codes of failed statements', () => {
  it('come out of the packed form in which write errors carry them', () => {
    const letter = fc.nat({ max: letters.length - 1 }).map((place) => letters.charAt(place));
    const state = fc.array(letter, { minLength: 5, maxLength: 5 });
    fc.assert(fc.property(state, (parts) => unpackSqlState(pack(parts)) === parts.join('')));
  });

  it.each([
    [319_029_277, 11_000],
    [525_074_461, 121],
    [50_463_045, 112],
    [16_777_220, 112],
    [16_908_292, 112],
    [16_908_482, 11_000],
    [11_000, 11_000],
    [2, 2],
  ])('%i in a write error is MongoDB’s %i', (given, code) => {
    expect(codeOfWriteError(given)).toBe(code);
  });

  it.each([
    ['23505', 11_000],
    ['23P01', 11_000],
    ['40001', 112],
    ['40P01', 112],
    ['55P03', 112],
    ['M00CO', 121],
    ['M0008', 26],
    ['M000E', 43],
    ['XX000', 1],
  ])('SQLSTATE %s is MongoDB’s %i', (state, code) => {
    expect(codeOfSqlState(state)).toBe(code);
  });
});
