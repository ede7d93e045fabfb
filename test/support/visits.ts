import { type Connection, Types } from 'mongoose';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How often a customer came, and how many days ago for the first and the last time. */
export type Visits = Readonly<{ count: number; first: number; last: number }>;

/** What a link says of these visits, in the form that the fold of orders writes. */
export const visitFields = (customerId: string, { count, first, last }: Visits, now = Date.now()) => {
  if (count === 0) return { visitCount: 0 };
  const [firstVisitAt, lastVisitAt] = [new Date(now - first * DAY_MS), new Date(now - last * DAY_MS)];
  const visitKey = `${String(lastVisitAt.getTime()).padStart(13, '0')}${customerId}`;
  return { visitCount: count, firstVisitAt, lastVisitAt, visitKey };
};

/** Writes visits onto the link of a customer, as if its orders had come. */
export const setVisits = async (
  { database }: Readonly<{ database: Connection }>,
  customerId: string,
  visits: Visits,
): Promise<void> => {
  await database
    .collection('customer_link')
    .updateOne({ customerId: new Types.ObjectId(customerId) }, { $set: visitFields(customerId, visits) });
};
