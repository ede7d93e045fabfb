import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Indexes of former versions, in which a customer could also have links in other businesses than its own. */
const FORMER = ['customer_owner_unique', 'customer'];

/**
 * Makes the link of a customer unique, and then drops the indexes that this one replaces. The field `relation` of older
 * links stays where it is: nothing reads it, and removing it would rewrite every link.
 */
export const oneLinkForEachCustomer = async (connection: Connection): Promise<void> => {
  await createCollection(connection, 'customer_link');
  const links = connection.collection('customer_link');
  const names = (await links.indexes()).flatMap(({ name }) => name ?? []);
  for (const name of FORMER) if (names.includes(name)) await links.dropIndex(name);
};
