import { mongo, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { ArchivedDocument } from '#lib/privacy/archive-object.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openReason } from '#lib/privacy/history-reason.ts';
import { collections } from '#lib/store/collections/collections.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import { connect } from '#lib/store/database/connection.ts';
import { reasonOf } from '#lib/store/histories/chains.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import type { Read } from './archive-reader.ts';
import { type Place, PLACES } from './places.ts';

/** The places that an object has copies of. */
const COPIED: readonly Place[] = PLACES.filter(({ archiving }) => archiving.by === 'copying');

/** A field of an object must be readable without the keyring, which will have other keys by then. */
const NEEDS_THE_KEYRING = new Set(['sealed', 'keyed']);

/** The document in a form that keeps every type (Extended JSON), without what is sealed or keyed. */
const copyOf = ({ name }: Place, document: mongo.Document): Record<string, unknown> => {
  const kinds: Readonly<Record<string, unknown>> = collections[name].kinds;
  const kept = Object.entries(document).filter(
    ([field]) =>
      kinds[field] === 'technical' || kinds[field] === 'clear' || !(field in kinds) || isPlain(kinds[field]),
  );
  return { ...mongo.BSON.EJSON.serialize(Object.fromEntries(kept), { relaxed: false }) };
};

/** A field with parts has their kinds. One with a sealed or a keyed part is left out as a whole. */
const isPlain = (kind: unknown): boolean =>
  typeof kind === 'object' &&
  kind !== null &&
  !Object.values(kind).some((part) => NEEDS_THE_KEYRING.has(String(part)));

/** Everything that the object of a customer holds: its own texts in clear, because the object is encrypted as a whole. */
export const documentsToArchive = async (
  { stored: { customer }, link, document, by }: Read,
  scope: SystemScope,
): Promise<readonly ArchivedDocument[]> => {
  const { phone, email, note } = customer;
  const found: ArchivedDocument[] = [];
  for (const place of COPIED) {
    if (place.name === 'customer')
      found.push({ place: place.name, document: { ...copyOf(place, document), phone, email, note } });
    else if (place.name === 'customer_link') found.push({ place: place.name, document: copyOf(place, link) });
    else
      for (const one of await read(place, by, { customerId: link.customerId, scope }))
        found.push({
          place: place.name,
          document: { ...copyOf(place, one), ...(await reasonIn(one, place, by)) },
        });
  }
  return found;
};

const read = async (
  { name, foundBy }: Place,
  { businessId }: Read['by'],
  { customerId, scope }: { customerId: Types.ObjectId; scope: SystemScope },
): Promise<mongo.Document[]> =>
  await modelOf(await connect(), name)
    .find({ businessId: new Types.ObjectId(businessId), [foundBy]: customerId })
    .setOptions(queryOptions(scope))
    .lean<mongo.Document[]>();

/** The reason of a history entry, in clear. */
const reasonIn = async (
  document: mongo.Document,
  { name }: Place,
  by: Read['by'],
): Promise<{ reason?: string }> => {
  if (name !== 'customer_audit' || !isEntry(document) || document.reason === undefined) return {};
  const opened = await readWithKeys(by, (keys: BusinessKeys) => openReason(keys, reasonOf(document)));
  return opened.text === null ? {} : { reason: opened.text };
};

const isEntry = (document: mongo.Document): document is HistoryEntryDocument => 'seq' in document;

/** The note in the documents of an object; null when it has none. */
export const noteIn = (documents: readonly ArchivedDocument[]): string | null => {
  const copy = documents.find(({ place }) => place === 'customer')?.document;
  const note = typeof copy === 'object' && copy !== null && 'note' in copy ? copy.note : null;
  return typeof note === 'string' ? note : null;
};
