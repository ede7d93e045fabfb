import { Types } from 'mongoose';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { Stored } from './stored.ts';

/** Saves settings of a business as another environment would: the cache of this one does not know. */
export const chooseElsewhere = async (
  { database }: Stored,
  businessId: string,
  settings: Partial<BusinessSettings>,
): Promise<void> => {
  const _id = new Types.ObjectId(businessId);
  const change = { $set: { ...settings, updatedAt: new Date() }, $inc: { version: 1 } };
  await database.collection('business_settings').updateOne({ _id }, change, { upsert: true });
};
