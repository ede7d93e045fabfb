import { collections, type CollectionName } from '#lib/store/collections/collections.ts';
import type { Person } from '#lib/store/collections/define-collection.ts';

/** A collection that has documents about one customer, and what happens with them. */
export type Place = Person & Readonly<{ name: CollectionName }>;

const namesIn = Object.keys(collections).filter((name): name is CollectionName =>
  Object.hasOwn(collections, name),
);

/** Every place that has data about one customer. Each collection says it of itself, or that it has none. */
export const PLACES: readonly Place[] = namesIn.flatMap((name) => {
  const { person } = collections[name];
  return person === null ? [] : [{ name, ...person }];
});

/** The places that an erasure empties after it has begun. */
export const SWEPT_PLACES: readonly Place[] = PLACES.filter(({ erasing: { by } }) =>
  ['sweep', 'blanking', 'emptying', 'shredding'].includes(by),
);

/** The places that keep something of an erased customer, and why. */
export const KEPT_PLACES: readonly Readonly<{ place: string; why: string }>[] = PLACES.flatMap(
  ({ name, erasing }) => ('why' in erasing ? [{ place: name, why: erasing.why }] : []),
);
