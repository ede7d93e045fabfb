import { collections, type CollectionName } from '#lib/store/collections/collections.ts';
import {
  EXPORT_LISTS,
  type Exported,
  type ExportList,
  type Person,
} from '#lib/store/collections/define-collection.ts';

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
  ['sweep', 'handing over', 'blanking', 'emptying', 'shredding'].includes(by),
);

/** The places that keep something of an erased customer, and why. */
export const KEPT_PLACES: readonly Readonly<{ place: string; why: string }>[] = PLACES.flatMap(
  ({ name, erasing }) => ('why' in erasing ? [{ place: name, why: erasing.why }] : []),
);

/** The articles of the GDPR under which a person gets an export. */
export type Article = 15 | 20;

/** Whether an export under this article shows a place. */
export const isShownUnder = ({ under }: Exported, article: Article): boolean =>
  under !== 'none' && (article === 15 || under === '15 and 20');

/** A place whose documents are entries of a list in an export. */
export type ListedPlace = Readonly<{ place: Place; list: ExportList; orderedBy: '_id' | 'seq' }>;

/** The places whose documents are entries of an export under this article, in the order of its lists. */
export const listedPlaces = (article: Article): readonly ListedPlace[] =>
  PLACES.flatMap((place) => {
    const { exported } = place;
    if (exported.under === 'none' || exported.as === 'record' || !isShownUnder(exported, article)) return [];
    return [{ place, ...exported.as }];
  }).sort((one, other) => EXPORT_LISTS.indexOf(one.list) - EXPORT_LISTS.indexOf(other.list));

/** What is kept of a customer, in words, and until when. */
export const RETENTION: readonly Readonly<{ what: string; until: string }>[] = PLACES.map(
  ({ holds, keptUntil }) => ({ what: holds, until: keptUntil }),
);
