import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { NO_PREFERENCES, type Preferences } from '#lib/domain/activity/preferences.ts';
import { CannotOpen, keyIdOf, sealField } from '#lib/privacy/field-cipher.ts';
import {
  openKeptPreferences,
  openPreferences,
  resealedPreferences,
  sealPreferences,
} from '#lib/store/customers/sealed-preferences.ts';
import { keyringOf, keysIn } from '#test/support/keyrings.ts';

const BUSINESS = 'a'.repeat(24);
const [one, other] = [new Types.ObjectId(), new Types.ObjectId()];
const before = keysIn(keyringOf('k1'), BUSINESS);
const after = keysIn(keyringOf('k2', 'k1'), BUSINESS);
const preferences: Preferences = {
  ...{ channel: 'sms', language: 'pl', services: ['1'.repeat(24)], specialists: null },
  invoicing: { name: 'Canary Ltd', taxId: null, address: null, email: 'canary@example.com' },
};
const kept = { preferences, taken: [{ from: '2'.repeat(24), names: ['language' as const] }] };
const linkOf = (customerId: Types.ObjectId) => ({
  customerId,
  preferences: sealPreferences(before, one.toHexString(), kept),
});

describe('sealed preferences', () => {
  it('open for their customer in its business, and nowhere else', () => {
    expect(openPreferences(before, linkOf(one))).toEqual(preferences);
    expect(openKeptPreferences(before, linkOf(one))).toEqual(kept);
    expect(() => openPreferences(before, linkOf(other))).toThrow(CannotOpen);
    const stranger = keysIn(keyringOf('k1'), 'b'.repeat(24));
    expect(() => openPreferences(stranger, linkOf(one))).toThrow(CannotOpen);
  });

  it('are nothing where there are none, or where they are no preferences', () => {
    expect(openPreferences(before, { customerId: one })).toEqual(NO_PREFERENCES);
    for (const text of ['[]', '7', '{"channel":"pigeon","language":7,"services":"x","invoicing":[]}']) {
      const sealed = sealField(before, { customerId: one.toHexString(), field: 'preferences' }, text);
      expect(openKeptPreferences(before, { customerId: one, preferences: sealed })).toEqual({
        preferences: NO_PREFERENCES,
        taken: [],
      });
    }
  });

  it('are sealed again only when the key is no longer current, whole', () => {
    expect(resealedPreferences(before, linkOf(one))).toEqual({});
    expect(resealedPreferences(before, { customerId: one })).toEqual({});
    const { preferences: sealed = Buffer.alloc(0) } = resealedPreferences(after, linkOf(one));
    expect(keyIdOf(sealed)).toBe('k2');
    expect(openKeptPreferences(after, { customerId: one, preferences: sealed })).toEqual(kept);
  });
});
