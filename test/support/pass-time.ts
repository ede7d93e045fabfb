import { Types } from 'mongoose';
import type { Stored } from './stored.ts';

/** Makes the exact questions of a business as old as if this time had passed: the database's clock cannot be set. */
export const passTime = async (service: Stored, businessId: string, ms: number): Promise<void> => {
  const limits = service.database.collection('rate_limit');
  const _id = new Types.ObjectId(businessId);
  const stored = await limits.findOne({ _id });
  const exactQuestions = (stored?.['exactQuestions'] ?? []).map((question: { at: Date }) => ({
    ...question,
    at: new Date(question.at.getTime() - ms),
  }));
  await limits.updateOne({ _id }, { $set: { exactQuestions } });
};
