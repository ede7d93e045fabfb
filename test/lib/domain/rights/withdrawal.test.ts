import { describe, expect, it } from '@jest/globals';
import { type Consent, inEffect } from '#lib/domain/rights/consents.ts';
import { isRefused, withdrawalOf } from '#lib/domain/rights/withdrawal.ts';

const NOW = new Date('2026-11-28T10:00:00.000Z');
const MATTER = { purpose: 'marketing', channel: 'email' } as const;

const entry = (parts: Partial<Consent> = {}): Consent => ({
  ...MATTER,
  id: 'a'.repeat(24),
  granted: true,
  source: 'desk',
  lawfulBasis: 'consent',
  textVersion: 'v1',
  proofRef: null,
  givenAt: new Date('2026-01-01T00:00:00.000Z'),
  recordedAt: new Date('2026-01-01T00:00:00.000Z'),
  role: 'OWNER',
  copiedFrom: null,
  takesBack: null,
  ...parts,
});
const asEntry = (said: ReturnType<typeof withdrawalOf>): Consent =>
  entry({ ...said, id: 'b'.repeat(24), recordedAt: NOW });

describe('what a person says by the link in a message', () => {
  it('is a refusal of its matter, now, from the link', () => {
    expect(withdrawalOf(MATTER, [[entry()]], NOW)).toEqual({
      ...MATTER,
      granted: false,
      source: 'unsubscribe',
      lawfulBasis: 'consent',
      textVersion: null,
      proofRef: null,
      givenAt: NOW,
    });
  });

  it('rests on the contract for a purpose that does', () => {
    expect(withdrawalOf({ ...MATTER, purpose: 'reminders' }, [], NOW).lawfulBasis).toBe('contract');
  });

  it('is as new as a grant that is still to come, of anybody that it is said for', () => {
    const ahead = new Date(NOW.getTime() + 240_000);
    const grant = entry({ givenAt: ahead });
    const said = withdrawalOf(MATTER, [[], [grant]], NOW);
    expect(said.givenAt).toEqual(ahead);
    expect(inEffect([grant, asEntry(said)])[0]?.granted).toBe(false);
  });

  it('does not look at other matters, or at refusals, for its time', () => {
    const ahead = new Date(NOW.getTime() + 240_000);
    const others = [entry({ channel: 'sms', givenAt: ahead }), entry({ granted: false, givenAt: ahead })];
    expect(withdrawalOf(MATTER, [others], NOW).givenAt).toEqual(NOW);
  });
});

describe('a matter', () => {
  it('is refused when the entry in effect says so', () => {
    expect(isRefused([], MATTER)).toBe(false);
    expect(isRefused([entry()], MATTER)).toBe(false);
    expect(isRefused([entry({ granted: false })], MATTER)).toBe(true);
    expect(isRefused([entry({ granted: false, channel: 'sms' })], MATTER)).toBe(false);
    const later = entry({ id: 'c'.repeat(24), givenAt: NOW });
    expect(isRefused([entry({ granted: false }), later], MATTER)).toBe(false);
  });
});
