import { Schema, type Types } from 'mongoose';
import type { Role } from '#lib/domain/access/scope.ts';
import type { Channel, LawfulBasis } from '#lib/domain/rights/consents.ts';
import { defineCollection, RECORD_TIME } from './define-collection.ts';

/** What a customer said about being reached. Entries are only added: a later one decides, and no entry ever changes. */
export type ConsentDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  purpose: string;
  channel: Channel;
  granted: boolean;
  lawfulBasis: LawfulBasis;
  source: string;
  textVersion?: string;
  /** Where the proof is kept. Its form allows no sentence, so it is no free text about a person. */
  proofRef?: string;
  givenAt: Date;
  recordedAt: Date;
  role: Role;
  requestId: string;
  /** The merged customer that the entry was copied from. */
  copiedFrom?: Types.ObjectId;
  /** The copied grant that this entry takes back, because the merge was undone. */
  takesBack?: Types.ObjectId;
};

/** The consents of a customer, in the order in which they were given. */
export const CONSENT_INDEX = 'business_customer_given';

export const consent = defineCollection<ConsentDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        purpose: String,
        channel: String,
        granted: Boolean,
        lawfulBasis: String,
        source: String,
        textVersion: String,
        proofRef: String,
        givenAt: Date,
        recordedAt: Date,
        role: String,
        requestId: String,
        copiedFrom: Schema.Types.ObjectId,
        takesBack: Schema.Types.ObjectId,
      },
      { versionKey: false },
    ),
  indexes: [{ name: CONSENT_INDEX, key: { businessId: 1, customerId: 1, givenAt: 1 } }],
  owner: 'businessId',
  isAppendOnly: true,
  person: {
    foundBy: 'customerId',
    erasing: { by: 'sweep' },
    exported: {
      under: '15 and 20',
      as: { list: 'consents', orderedBy: '_id' },
      shows: [
        'purpose',
        'channel',
        'granted',
        'lawfulBasis',
        'source',
        'textVersion',
        'proofRef',
        'givenAt',
        'recordedAt',
        'role',
      ],
      withholds: [
        { fields: ['requestId', 'copiedFrom', 'takesBack'], why: 'ids that tell nothing of the person' },
      ],
    },
    archiving: { by: 'copying' },
    holds: 'what the customer allowed and refused, when, by which text and by which channel',
    keptUntil: RECORD_TIME,
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    purpose: 'technical',
    channel: 'technical',
    granted: 'technical',
    lawfulBasis: 'technical',
    source: 'technical',
    textVersion: 'technical',
    proofRef: 'technical',
    givenAt: 'technical',
    recordedAt: 'technical',
    role: 'technical',
    requestId: 'technical',
    copiedFrom: 'technical',
    takesBack: 'technical',
  },
});
