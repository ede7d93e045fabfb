import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { CannotOpen, keyIdOf, openText, sealText } from '#lib/privacy/field-cipher.ts';
import { openReason, renewReason, sealReason, type StoredReason } from '#lib/privacy/history-reason.ts';
import { keys } from './histories.ts';
import { aRing, BUSINESS, someKeys } from './rings.ts';

const ID = '7f1d7f3a9c3b4e2d8a6c1b0d';
const OTHER_ID = '7f1d7f3a9c3b4e2d8a6c1b0e';
const place = { collection: 'customer_audit', id: ID };
const sealed = (text: string): StoredReason => ({ id: ID, form: 2, ...sealReason(keys, ID, text) });
const former = (text: string): StoredReason => ({
  id: ID,
  form: 1,
  reason: sealText(keys, place, text),
  reasonCommitment: null,
});
const NONE: StoredReason = { id: ID, form: 2, reason: null, reasonCommitment: null };
const texts = fc.string({ unit: 'grapheme', maxLength: 100 });

describe('the reason of an entry', () => {
  it('opens as it was given', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(openReason(keys, sealed(text))).toEqual({ text, isBlanked: false });
        expect(openReason(keys, former(text))).toEqual({ text, isBlanked: false });
      }),
    );
  });

  it('may be none, which differs from one that was blanked', () => {
    expect(openReason(keys, NONE)).toEqual({ text: null, isBlanked: false });
    expect(openReason(keys, { ...NONE, form: 1 })).toEqual({ text: null, isBlanked: false });
    expect(openReason(keys, { ...sealed('r'), reason: null })).toEqual({ text: null, isBlanked: true });
  });

  it.each<[string, StoredReason]>([
    ['another commitment', { ...sealed('r'), reasonCommitment: new Uint8Array(32) }],
    ['a shorter commitment', { ...sealed('r'), reasonCommitment: new Uint8Array(31) }],
    [
      'the commitment to the same text elsewhere',
      { ...sealed('r'), reasonCommitment: sealed('r').reasonCommitment },
    ],
    ['no commitment', { ...sealed('r'), reasonCommitment: null }],
    ['another text of the entry', { ...sealed('r'), reason: sealed('r').reason }],
    ['the place of another entry', { ...sealed('r'), id: OTHER_ID }],
    ['the form of an earlier version', { ...sealed('r'), form: 1 }],
    [
      'a commitment in the form of an earlier version',
      { ...former('r'), reasonCommitment: new Uint8Array(32) },
    ],
    ['the current form without a commitment', { ...former('r'), form: 2 }],
    ['a text without a salt', { ...sealed('r'), reason: sealText(keys, place, 'r') }],
  ])('does not open with %s', (_what, stored) => {
    expect(() => openReason(keys, stored)).toThrow(CannotOpen);
  });

  it('is committed to with a salt that only the sealed text holds', () => {
    const { reason, reasonCommitment } = sealReason(keys, ID, 'r');
    const opened = openText(keys, place, reason);
    const salt = Buffer.from(opened.slice(0, -1), 'base64');
    expect([salt.length, opened.at(-1)]).toEqual([16, 'r']);
    expect(reasonCommitment).toEqual(createHmac('sha256', salt).update(`${ID}\nr`).digest());
    expect(sealReason(keys, ID, 'r').reasonCommitment).not.toEqual(reasonCommitment);
  });
});

describe('a reason that is sealed again', () => {
  const later = someKeys(BUSINESS, aRing(3, 2, 1));

  it('has the current key and the same text and commitment', () => {
    const stored = sealed('a reason');
    const renewed = renewReason(later, stored);
    expect(keyIdOf(renewed.reason!)).toBe('k3');
    expect(renewed.reasonCommitment).toEqual(stored.reasonCommitment);
    expect(openReason(later, { ...stored, reason: renewed.reason! }).text).toBe('a reason');
  });

  it('gets a commitment if an earlier version made none', () => {
    const { reason = null, reasonCommitment } = renewReason(later, former('a reason'));
    expect(reasonCommitment).not.toBeNull();
    expect(openReason(later, { id: ID, form: 2, reason, reasonCommitment }).text).toBe('a reason');
  });

  it('stays none, or blanked', () => {
    expect(renewReason(later, NONE)).toEqual({ reasonCommitment: null });
    expect(renewReason(later, { ...NONE, form: 1 })).toEqual({ reasonCommitment: null });
    const { reasonCommitment } = sealed('r');
    expect(renewReason(later, { ...NONE, reasonCommitment })).toEqual({ reasonCommitment });
  });

  it('is refused when it was altered', () => {
    expect(() => renewReason(later, { ...sealed('r'), reasonCommitment: null })).toThrow(CannotOpen);
  });
});
