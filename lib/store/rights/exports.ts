import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Preferences } from '#lib/domain/activity/preferences.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { unreadableCursor } from '#lib/domain/refusals.ts';
import { readKeptRefusals } from '#lib/store/consents/kept-refusals.ts';
import { findForChange } from '#lib/store/customers/merged.ts';
import { findCustomer, type StoredCustomer } from '#lib/store/customers/reader.ts';
import { preferencesOf } from '#lib/store/customers/sealed-preferences.ts';
import { findMergedInto } from './begin-erasure.ts';
import { type ListedEntry, readSlice } from './exported-entries.ts';
import { type Article, listedPlaces } from './places.ts';

/** A customer of the caller's business, and the ids of everybody who was merged into it, in order. */
export type Exportable = Readonly<{ stored: StoredCustomer; mergedIds: readonly string[] }>;

/**
 * A customer or, if it was merged into another one, the survivor. A merged customer whose survivor was purged is read as
 * itself: its data is still there. Null for an unknown id and for the id of another business's customer.
 */
const find = async (id: string, scope: BusinessScope): Promise<Exportable | null> => {
  const stored = (await findForChange(id, scope)) ?? (await findCustomer(id, scope));
  if (stored === null) return null;
  const merged = await findMergedInto([stored], scope);
  return { stored, mergedIds: merged.map((one) => one.id).sort() };
};

/** The place of an entry in an export: its list, its customer, and its order there. */
export type Position = Readonly<{ list: string; customerId: string; after: string }>;

/** An entry of an export with its place. */
export type ExportedEntry = Readonly<{
  position: Position;
  entry: ListedEntry | Readonly<{ list: 'merged'; value: Customer; preferences: Preferences }>;
}>;

type Part = Readonly<{
  list: string;
  customerIds: readonly string[];
  read: (customerId: string, after: string | null, most: number) => Promise<readonly ExportedEntry[]>;
}>;

/** The lists of an export, in their order, each with the customers that have entries in it. */
const partsOf = (
  { stored, mergedIds }: Exportable,
  article: Article,
  scope: BusinessScope,
): readonly Part[] => [
  {
    list: 'merged',
    customerIds: mergedIds,
    read: async (customerId, after) => {
      const found = after === null ? await findCustomer(customerId, scope) : null;
      // One that was unmerged or purged just now is left out.
      if (found === null) return [];
      const position = { list: 'merged', customerId, after: 'read' };
      const preferences = await preferencesOf(found, scope);
      return [{ position, entry: { list: 'merged', value: found.customer, preferences } }];
    },
  },
  ...listedPlaces(article).map((listed): Part => ({
    list: listed.list,
    customerIds: [stored.customer.id, ...mergedIds],
    read: async (customerId, after, most) => {
      const found = await readSlice({ listed, customerId, after, most }, scope);
      return found.map(({ after: last, entry }) => ({
        position: { list: listed.list, customerId, after: last },
        entry,
      }));
    },
  })),
];

type Wanted = Readonly<{ article: Article; from: Position | null; most: number }>;

/**
 * The next entries of an export, up to `most`, after a place in it; from the first one if null.
 * @throws Refusal `invalid-request` for a place in a list that is not in it
 */
const read = async (
  exportable: Exportable,
  { article, from, most }: Wanted,
  scope: BusinessScope,
): Promise<readonly ExportedEntry[]> => {
  const found: ExportedEntry[] = [];
  const parts = partsOf(exportable, article, scope);
  const first = from === null ? 0 : parts.findIndex(({ list }) => list === from.list);
  if (first === -1) throw unreadableCursor();
  for (const [index, part] of parts.slice(first).entries()) {
    const start = index === 0 ? from : null;
    for (const customerId of customersFrom(part, exportable, start)) {
      if (found.length >= most) return found;
      const after = customerId === start?.customerId ? start.after : null;
      found.push(...(await part.read(customerId, after, most - found.length)));
    }
  }
  return found;
};

/** The customers of a part from the one of a place on. If that one was unmerged meanwhile, the merged ones after it. */
const customersFrom = (
  { customerIds }: Part,
  { mergedIds }: Exportable,
  start: Position | null,
): readonly string[] => {
  if (start === null) return customerIds;
  const index = customerIds.indexOf(start.customerId);
  return index === -1 ? mergedIds.filter((id) => id > start.customerId) : customerIds.slice(index);
};

/** What an export reads of the caller's customers. */
export const customerExports = { find, read, readRefusals: readKeptRefusals };
export type CustomerExports = typeof customerExports;
