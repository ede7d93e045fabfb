import { type mongo, Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { ListedOrder, ListedPayment } from '#lib/domain/activity/listed.ts';
import type { Consent } from '#lib/domain/rights/consents.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { toListedOrder, toListedPayment } from '#lib/store/customers/listed-activity.ts';
import type { ConsentDocument } from '#lib/store/collections/consent.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import type { ExportList } from '#lib/store/collections/define-collection.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { toConsent } from '#lib/store/consents/consent-entries.ts';
import { connect } from '#lib/store/database/connection.ts';
import { type OpenedEntry, openEntries } from '#lib/store/histories/chains.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { ensureKeys, keysOf } from '#lib/store/keys/request-keys.ts';
import type { ListedPlace } from './places.ts';

/** An entry of one of the lists. */
export type ListedEntry =
  | Readonly<{ list: 'consents'; value: Consent }>
  | Readonly<{ list: 'activity'; order: ListedOrder }>
  | Readonly<{ list: 'activity'; payment: ListedPayment }>
  | Readonly<{ list: 'changes'; value: OpenedEntry }>;

/** The entries of one customer in one place, up to `most` of them after the one with this order; from the first if null. */
export type Slice = Readonly<{ listed: ListedPlace; customerId: string; after: string | null; most: number }>;

/** An entry with its order in its place. */
type Ordered = Readonly<{ after: string; entry: ListedEntry }>;

const boundOf = ({ listed: { orderedBy }, after }: Slice): Types.ObjectId | number => {
  if (orderedBy === 'seq') return Number(after ?? 0);
  return after === null ? FIRST_ID : new Types.ObjectId(after);
};

const documentsIn = async <D extends mongo.Document>(slice: Slice, scope: BusinessScope): Promise<D[]> => {
  const { listed, customerId, most } = slice;
  const { place, orderedBy } = listed;
  return await guardedAggregate<D>(
    await connect(),
    place.name,
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          [place.foundBy]: new Types.ObjectId(customerId),
          [orderedBy]: { $gt: boundOf(slice) },
        },
      },
      { $sort: { [orderedBy]: 1 } },
      { $limit: most },
    ],
    { scope, most },
  );
};

type Reader = (slice: Slice, scope: BusinessScope) => Promise<readonly Ordered[]>;

/** Malformed entries are left out, so it reads on until it has enough of the others, or none is left. */
const readChanges: Reader = async (slice, scope) => {
  const found: Ordered[] = [];
  for (let { after } = slice; ;) {
    const most = slice.most - found.length;
    const documents = await documentsIn<HistoryEntryDocument>({ ...slice, after, most }, scope);
    await ensureKeys(
      scope,
      documents.map(({ keyId }) => keyId),
    );
    for (const value of openEntries(await keysOf(scope), documents))
      found.push({ after: String(value.seq), entry: { list: 'changes', value } });
    const last = documents.at(-1);
    if (last === undefined || documents.length < most || found.length >= slice.most) return found;
    after = String(last.seq);
  }
};

/** How the documents of each list become entries. A new list needs a line here. */
const READERS: Readonly<Record<ExportList, Reader>> = {
  consents: async (slice, scope) =>
    (await documentsIn<ConsentDocument>(slice, scope)).map((document) => ({
      after: document._id.toHexString(),
      entry: { list: 'consents', value: toConsent(document) },
    })),
  activity: async (slice, scope) =>
    (await documentsIn<ActivityDocument>(slice, scope)).map((document) => ({
      after: document._id.toHexString(),
      entry:
        document.kind === 'order'
          ? { list: 'activity', order: toListedOrder(document) }
          : { list: 'activity', payment: toListedPayment(document) },
    })),
  changes: readChanges,
};

/** Entries of one customer of the caller's business, in their order. */
export const readSlice = (slice: Slice, scope: BusinessScope): Promise<readonly Ordered[]> =>
  READERS[slice.listed.list](slice, scope);
