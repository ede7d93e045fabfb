import { randomBytes } from 'node:crypto';
import type { ObjectId } from 'mongodb';

/** Whose the parts of a life are. */
export type Owner = Readonly<{ businessId: ObjectId; customerId: ObjectId }>;

const AT = new Date('2026-01-01T00:00:00.000Z');
/** Far enough back to be purged before all others. */
export const LONG_AGO = new Date('2020-01-01T00:00:00.000Z');
const NEVER = new Date('2100-01-01T00:00:00.000Z');

const consentOf = (owner: Owner, granted: boolean) => ({
  ...owner,
  purpose: 'marketing',
  channel: 'email',
  granted,
  lawfulBasis: 'consent',
  source: 'desk',
  givenAt: AT,
  recordedAt: AT,
  role: 'OWNER',
  requestId: 'scale',
});

/** What is left of a customer after its purge has begun: two consents and a recorded answer. */
export const leftOvers = (owner: Owner) => ({
  consent: [consentOf(owner, true), consentOf(owner, false)],
  idempotency: [
    {
      _id: randomBytes(32) as never,
      businessId: owner.businessId,
      customerIds: [owner.customerId],
      payloadHash: Buffer.alloc(32),
      answer: Buffer.alloc(512),
      keyId: 'scale',
      expiresAt: NEVER,
    },
  ],
});

/** A history entry with a reason to blank. */
export const entryOf = (owner: Owner) => ({
  ...owner,
  seq: 1,
  at: AT,
  action: 'delete-customer',
  fields: ['state'],
  reason: Buffer.alloc(64),
  reasonCommitment: Buffer.alloc(32),
  keyId: 'scale',
  hash: Buffer.alloc(32),
});
