import { Types } from 'mongoose';
import type { Business } from './a-business.ts';
import type { Stored } from './stored.ts';

/** An order or a payment as it is stored, without what is the same for all or made of the rest. */
export type StoredActivity = Readonly<{
  sourceId?: string;
  status?: string;
  counts?: string;
  startAt: Date;
  [more: string]: unknown;
}>;

export const anId = (): string => new Types.ObjectId().toHexString();

const KINDS = {
  order: { status: 'done', counts: 'visit' },
  payment: { status: 'succeeded', counts: 'paid', minor: 1_000, currency: 'PLN', method: 'CASH' },
} as const;

/** Stores orders or payments of a customer as if their events had come. Returns the ids of their sources, in order. */
export const store = async (
  { database }: Stored,
  { business, customerId }: Readonly<{ business: Business; customerId: string }>,
  kind: 'order' | 'payment',
  parts: readonly StoredActivity[],
): Promise<string[]> => {
  const documents = parts.map(({ sourceId = anId(), ...part }) => ({
    businessId: new Types.ObjectId(business.businessId),
    customerId: new Types.ObjectId(customerId),
    attendeeIds: [new Types.ObjectId(customerId)],
    kind,
    sourceId: new Types.ObjectId(sourceId),
    stamp: `${String(Date.UTC(2026, 0, 31))}event`,
    ...KINDS[kind],
    ...part,
  }));
  if (documents.length > 0) await database.collection('activity').insertMany(documents);
  return documents.map(({ sourceId }) => sourceId.toHexString());
};

/** Writes what the orders and payments of a customer amount to into its link. */
export const setTotals = async ({ database }: Stored, customerId: string, totals: object): Promise<void> => {
  await database
    .collection('customer_link')
    .updateOne({ customerId: new Types.ObjectId(customerId) }, { $set: totals });
};

/** The start of the hour with this number, from 1 January 2026 on. */
export const hour = (number: number): Date => new Date(Date.UTC(2026, 0, 1, number));
