import { Types } from 'mongoose';
import { aBusiness, type Business } from './a-business.ts';
import { addMany } from './many-customers.ts';
import type { Stored } from './stored.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** Sets when a customer may be purged, by this machine's clock, instead of the time that the database computed. */
export const setPurgeAfter = async (
  { database }: Stored,
  ids: readonly string[],
  purgeAfter: Date,
): Promise<void> => {
  await database
    .collection('customer_link')
    .updateMany({ customerId: { $in: ids.map((id) => new Types.ObjectId(id)) } }, { $set: { purgeAfter } });
};

/** Adds deleted customers that have been due for a purge for an hour. */
export const addDue = async (service: Stored, count: number, business = aBusiness()): Promise<string[]> => {
  const ids = await addMany(business.businessId, count, (index) => ({
    firstName: `Due${String(index)}`,
    state: 'deleted',
  }));
  await setPurgeAfter(service, ids, new Date(Date.now() - HOUR_MS));
  return ids;
};

/** Deletes a customer of a business and makes it due for a purge. */
export const makeDue = async (service: Stored, business: Business, id: string): Promise<void> => {
  await business.delete(id);
  await setPurgeAfter(service, [id], new Date(Date.now() - HOUR_MS));
};
