import { Schema, type Types } from 'mongoose';
import type { Role } from '#lib/domain/access/scope.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import { defineCollection } from './define-collection.ts';

/** One entry of a customer's history. Entries are only added, and each hash also covers the entry before it. */
export type HistoryEntryDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  seq: number;
  at: Date;
  actor: string;
  role: Role | null;
  purpose: string;
  requestId: string;
  action: string;
  /** Names of fields, never values. */
  fields: string[];
  from: CustomerState | null;
  to: CustomerState | null;
  /** Free text that a person wrote, sealed with a salt. The hash covers a commitment to it, so it can be erased. */
  reason?: Buffer;
  /** Stays when the reason is erased: a commitment without a reason says that it was blanked. */
  reasonCommitment?: Buffer;
  /** How the entry is hashed: lib/privacy/history-chain.ts. Absent: form 1, of an earlier version. */
  form?: 2;
  keyId: string;
  hash: Buffer;
};

export const customerAudit = defineCollection<HistoryEntryDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        seq: Number,
        at: Date,
        actor: String,
        role: String,
        purpose: String,
        requestId: String,
        action: String,
        fields: [String],
        from: String,
        to: String,
        reason: Buffer,
        reasonCommitment: Buffer,
        form: Number,
        keyId: String,
        hash: Buffer,
      },
      { versionKey: false },
    ),
  indexes: [{ name: 'history', key: { businessId: 1, customerId: 1, seq: 1 }, unique: true }],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: {
      by: 'blanking',
      fields: ['reason'],
      why: 'the proof of what was done: ids, roles, times and names of fields, without any text',
    },
    exported: {
      under: '15',
      as: { list: 'changes', orderedBy: 'seq' },
      shows: ['at', 'actor', 'role', 'purpose', 'action', 'fields', 'reason'],
      withholds: [
        { fields: ['from', 'to'], why: 'the record shows the states with their times' },
        {
          fields: ['seq', 'requestId', 'reasonCommitment', 'form', 'keyId', 'hash'],
          why: 'proves that the history is unaltered, and tells nothing of the person',
        },
      ],
    },
    archiving: { by: 'copying' },
    holds: 'what was changed, when, by which role, and the reasons that were given',
    keptUntil: 'for ever; the reasons until the customer is erased or purged',
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    seq: 'technical',
    at: 'technical',
    actor: 'technical',
    role: 'technical',
    purpose: 'technical',
    requestId: 'technical',
    action: 'technical',
    fields: 'technical',
    from: 'technical',
    to: 'technical',
    reason: 'sealed',
    reasonCommitment: 'keyed',
    form: 'technical',
    keyId: 'technical',
    hash: 'keyed',
  },
});
