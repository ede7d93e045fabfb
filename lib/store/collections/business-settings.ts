import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** The settings of a business. An absent field means the default. */
export type BusinessSettingsDocument = {
  /** The business's id. */
  _id: Types.ObjectId;
  regularRequires?: 'email-and-phone' | 'email-or-phone';
  uniqueEmail?: boolean | 'pending';
  uniquePhone?: boolean | 'pending';
  defaultCountry?: string;
  retentionDays?: number | null;
  archiveAfterDays?: number | null;
  version: number;
  updatedAt: Date;
};

export const businessSettings = defineCollection<BusinessSettingsDocument>({
  schema: () =>
    new Schema(
      {
        regularRequires: String,
        uniqueEmail: Schema.Types.Mixed,
        uniquePhone: Schema.Types.Mixed,
        defaultCountry: String,
        retentionDays: Number,
        archiveAfterDays: Number,
        version: Number,
        updatedAt: Date,
      },
      { versionKey: false },
    ),
  indexes: [],
  owner: '_id',
  person: null,
  kinds: {
    _id: 'technical',
    regularRequires: 'technical',
    uniqueEmail: 'technical',
    uniquePhone: 'technical',
    defaultCountry: 'technical',
    retentionDays: 'technical',
    archiveAfterDays: 'technical',
    version: 'technical',
    updatedAt: 'technical',
  },
});
