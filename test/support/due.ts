import { Types } from 'mongoose';
import { aBusiness, type Business } from './a-business.ts';
import { addMany } from './many-customers.ts';
import type { Stored } from './stored.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** When a customer may be purged, by the clock of the machine, in place of what the database had computed. */
export const setPurgeAfter = async (
  { database }: Stored,
  ids: readonly string[],
  purgeAfter: Date,
): Promise<void> => {
  await database
    .collection('customer_link')
    .updateMany({ customerId: { $in: ids.map((id) => new Types.ObjectId(id)) } }, { $set: { purgeAfter } });
};

/** Adds so many deleted customers whose time has come, an hour ago. */
export const addDue = async (service: Stored, count: number, business = aBusiness()): Promise<string[]> => {
  const ids = await addMany(business.businessId, count, (index) => ({
    firstName: `Due${String(index)}`,
    state: 'deleted',
  }));
  await setPurgeAfter(service, ids, new Date(Date.now() - HOUR_MS));
  return ids;
};

/** Deletes a customer of a business and lets its time come. */
export const makeDue = async (service: Stored, business: Business, id: string): Promise<void> => {
  await business.delete(id);
  await setPurgeAfter(service, [id], new Date(Date.now() - HOUR_MS));
};
