import { describe, expect, it } from '@jest/globals';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { type CustomerDetails, NOTE_LENGTH, setDetails } from '#lib/domain/customers/customer-details.ts';

const LONG = 'x'.repeat(NOTE_LENGTH + 1);
const withNote = (note: string | null): CustomerDetails => ({
  ...{ firstName: 'Anna', lastName: null, phone: null, email: null, note },
  customerType: 'new',
});
const noteAfter = (before: CustomerDetails | null, note: string | null) => {
  const { details, violations } = setDetails(before, { ...withNote(null), note }, DEFAULT_SETTINGS);
  return { note: details.note, violations: violations.map(({ pointer, error }) => [pointer, error]) };
};

describe('a note', () => {
  it('may have 20,000 characters, and no more', () => {
    expect(noteAfter(null, LONG.slice(1))).toEqual({ note: LONG.slice(1), violations: [] });
    expect(noteAfter(null, LONG)).toMatchObject({ violations: [['#/note', 'too_big']] });
    expect(noteAfter(withNote('short'), LONG)).toMatchObject({ violations: [['#/note', 'too_big']] });
  });

  it('that is longer because two were joined may be sent back as it is, and be made shorter', () => {
    expect(noteAfter(withNote(LONG), LONG)).toEqual({ note: LONG, violations: [] });
    expect(noteAfter(withNote(`${LONG} `), `${LONG} `)).toEqual({ note: `${LONG} `, violations: [] });
    expect(noteAfter(withNote(LONG), 'short')).toEqual({ note: 'short', violations: [] });
    expect(noteAfter(withNote(LONG), null)).toEqual({ note: null, violations: [] });
    expect(noteAfter(withNote(LONG), `${LONG}y`)).toMatchObject({ violations: [['#/note', 'too_big']] });
  });

  it('that is too long is measured after cleaning, and one within its limit stays as it is', () => {
    expect(noteAfter(null, `${' '.repeat(NOTE_LENGTH)}tea`)).toEqual({ note: 'tea', violations: [] });
    expect(noteAfter(null, 'z\u0301'.repeat(NOTE_LENGTH)).note).toBe('\u017a'.repeat(NOTE_LENGTH));
    expect(noteAfter(null, ' two\n\nlines ')).toEqual({ note: ' two\n\nlines ', violations: [] });
  });

  it('names its limit and its length when it is too long', () => {
    const { violations } = setDetails(null, withNote(LONG), DEFAULT_SETTINGS);
    expect(violations[0]?.message).toBe('This must have at most 20000 characters. It has 20001.');
  });
});
