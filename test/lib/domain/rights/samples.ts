import { Refusal } from '#lib/domain/errors.ts';
import type { Consent, Statement } from '#lib/domain/rights/consents.ts';

const AT = new Date('2026-01-01T00:00:00.000Z');

/** A proven grant of marketing by email, with these parts instead of its own. */
export const aStatement = (parts: Partial<Statement> = {}): Statement => ({
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  source: 'desk',
  lawfulBasis: 'consent',
  textVersion: 'v1',
  proofRef: null,
  givenAt: AT,
  ...parts,
});

/** The same, as it is kept. */
export const aConsent = (parts: Partial<Consent> = {}): Consent => ({
  ...aStatement(parts),
  id: '0'.repeat(24),
  recordedAt: AT,
  role: 'SPECIALIST',
  copiedFrom: null,
  takesBack: null,
  ...parts,
});

/** The refusal that a rule throws. */
export const refusalOf = (rule: () => void): Refusal => {
  try {
    rule();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('The rule refused nothing.');
};
