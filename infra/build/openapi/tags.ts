import { type Wing, wingOf } from '#functions/contracts.ts';
import type { Route } from '#lib/contract/route.ts';

/** The wings that have routes, in the order of the life of a customer. Each is a tag of its operations. */
const WINGS = [
  [
    'customers',
    'Customers',
    'The records of customers: create, find, change, delete, restore and count them.',
  ],
  [
    'activity',
    'Orders and payments',
    'What customers ordered and paid, how they want to be served, and copies of customers for orders.',
  ],
  [
    'messages',
    'Messages',
    'Who may get a message: segments of customers, recipients, and the link by which one unsubscribes.',
  ],
  ['duplicates', 'Duplicates', 'Two records of one person: find them, merge them, and undo a merge.'],
  ['histories', 'Histories', 'What happened to a customer, as the server recorded it.'],
  [
    'rights',
    'Privacy',
    'Consents, legal holds, exports, erasures and the archive: what a person may ask for, and what the law asks for.',
  ],
  ['business', 'Settings', 'The settings of a business.'],
  ['upkeep', 'About the API', 'The contract itself.'],
] as const satisfies readonly (readonly [Wing, string, string])[];

/** The tags of the document. `x-displayName` is the title of a group on pages that know it. */
export const TAGS = WINGS.map(([name, title, description]) => ({
  name,
  description,
  'x-displayName': title,
}));

const PLACES: readonly string[] = WINGS.map(([wing]) => wing);
const placeOf = ({ name }: Route): number => PLACES.indexOf(wingOf(name));

/** Routes in the order of their tags. Inside a tag, they stay as they are. */
export const byTags = (routes: readonly Route[]): readonly Route[] =>
  routes.toSorted((one, other) => placeOf(one) - placeOf(other));
