import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { CannotOpen, keyIdOf } from '#lib/privacy/field-cipher.ts';
import { openHoldReason, resealedHoldReason, sealHoldReason } from '#lib/store/rights/hold-reason.ts';
import { keyringOf, keysIn } from '#test/support/keyrings.ts';
import { encryptedBytes } from '#test/support/shape-at-rest.ts';

const BUSINESS = 'a'.repeat(24);
const [one, other] = [new Types.ObjectId(), new Types.ObjectId()];
const before = keysIn(keyringOf('k1'), BUSINESS);
const after = keysIn(keyringOf('k2', 'k1'), BUSINESS);
const reason = 'canary of a case at court';
const linkOf = (customerId: Types.ObjectId) => ({
  customerId,
  holdReason: sealHoldReason(before, one.toHexString(), reason),
});

describe('the reason of a legal hold', () => {
  it('opens for its customer in its business, and nowhere else', () => {
    expect(openHoldReason(before, linkOf(one))).toBe(reason);
    expect(() => openHoldReason(before, linkOf(other))).toThrow(CannotOpen);
    const stranger = keysIn(keyringOf('k1'), 'b'.repeat(24));
    expect(() => openHoldReason(stranger, linkOf(one))).toThrow(CannotOpen);
  });

  it('shows its length in classes only', () => {
    const lengths = ['x', 'x'.repeat(15), 'x'.repeat(16), 'x'.repeat(500)].map((text) =>
      encryptedBytes({ buffer: sealHoldReason(before, one.toHexString(), text) }),
    );
    expect(lengths).toEqual([16, 16, 32, 512]);
  });

  it('is sealed again only when the key is no longer current', () => {
    expect(resealedHoldReason(before, linkOf(one))).toEqual({});
    expect(resealedHoldReason(before, { customerId: one })).toEqual({});
    const { holdReason = Buffer.alloc(0) } = resealedHoldReason(after, linkOf(one));
    expect(keyIdOf(holdReason)).toBe('k2');
    expect(openHoldReason(after, { customerId: one, holdReason })).toBe(reason);
  });

  it('is null where there is none', () => {
    expect(openHoldReason(before, { customerId: one })).toBeNull();
  });
});
