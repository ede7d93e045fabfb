import { Types } from 'mongoose';
import type { ErasureCause, LedgerEntry } from '#lib/domain/rights/erasure.ts';
import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { keyUseAfterChange } from '#lib/privacy/key-use.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import type { MassWrite, Write } from '#lib/store/database/write.ts';
import { nextInChain } from '#lib/store/histories/record-entry.ts';
import { headOfLink } from '#lib/store/histories/stored-head.ts';
import { customersAndMerges, keptOf, KEPT_FIELDS, shredding } from '#lib/store/retention/purge.ts';

/** What is read of the links of customers that came back. */
export const LINK_FIELDS = { ...KEPT_FIELDS, state: 1 } as const;

/** The link of a customer that came back, with what its erasure record needs. */
export type ReturnedLink = Pick<CustomerLinkDocument, '_id' | keyof typeof LINK_FIELDS>;

/** Customers of the ledger that are in the database again. A copy of collections may have a customer without its link. */
export type Returned = Readonly<{
  linked: readonly Readonly<{ entry: LedgerEntry; link: ReturnedLink }>[];
  unlinked: readonly LedgerEntry[];
}>;

const TASK = 'replay-erasures';
const GONE = 'deleted' as const;
const EVENT: Readonly<Record<ErasureCause, 'customer-erased' | 'customer-purged'>> = {
  request: 'customer-erased',
  retention: 'customer-purged',
};

type Replay = Readonly<{ at: Date; ring: Keyring; requestId: string }>;
type Writes = readonly (Write | MassWrite)[];

/**
 * What begins the erasures of customers that came back: as at first, but with the ledger's cause, and not for the ledger. A
 * last entry ends each history, because the state it says must be the state of the erased.
 */
export const writesOf = ({ linked, unlinked }: Returned, replay: Replay): Writes => {
  const { at } = replay;
  const ids = [
    ...linked.map(({ link }) => link.customerId),
    ...unlinked.map(({ customerId }) => idFrom(customerId)),
  ];
  if (ids.length === 0) return [];
  return [
    ...linked.flatMap(({ entry, link }) => ofLink(entry, link, replay)),
    ...unlinked.flatMap((entry) => recordsOf(entry, at, headIn(entry))),
    { updateAllOf: 'erasure', filter: { _id: { $in: ids } }, change: { $set: { open: true } } },
    { updateAllOf: 'tombstone', filter: { _id: { $in: ids } }, change: { $set: { at } } },
    { deleteAllFrom: 'customer_link', filter: { _id: { $in: linked.map(({ link }) => link._id) } } },
    shredding({ $in: ids }),
    ...customersAndMerges({ $in: ids }),
  ];
};

const idFrom = (hex: string) => new Types.ObjectId(hex);

const ofLink = (entry: LedgerEntry, link: ReturnedLink, { at, ring, requestId }: Replay): Writes => {
  const keys = businessKeys(ring, entry.businessId);
  const { writes, head } = lastEntry(link, { at, keys, requestId, businessId: entry.businessId });
  return [
    ...writes,
    ...recordsOf(entry, at, head),
    // A copy may have the record already, with an earlier head.
    {
      update: 'erasure',
      filter: { _id: link.customerId, businessId: link.businessId },
      change: { $set: head },
    },
    {
      insertInto: 'outbox',
      document: {
        ...{ _id: new Types.ObjectId(), type: EVENT[entry.cause], at, pending: true as const },
        ...{ businessId: link.businessId, customerId: link.customerId, version: link.version, state: GONE },
        seq: link.auditSeq + 1,
      },
    },
  ];
};

type Head = Readonly<{
  auditSeq: number;
  auditHead: Buffer;
  auditSeal?: Buffer;
  version?: number;
  keyUse: string;
}>;

/** The erasure record and the tombstone, unless they are there. */
const recordsOf = (entry: LedgerEntry, at: Date, head: Head): Writes => {
  const [_id, businessId] = [idFrom(entry.customerId), idFrom(entry.businessId)];
  const { cause } = entry;
  const begun = { _id, businessId, at, cause, requestedAt: entry.at };
  return [
    { insertOnceInto: 'erasure', document: { ...begun, ...head } },
    { insertOnceInto: 'tombstone', document: { _id, businessId, at } },
  ];
};

/** Without a link, only the ledger knows the head. */
const headIn = ({ auditSeq, auditHead }: LedgerEntry): Head => ({
  auditSeq,
  auditHead: Buffer.from(auditHead, 'hex'),
  keyUse: '',
});

type Author = Readonly<{ at: Date; keys: BusinessKeys; requestId: string; businessId: string }>;

/** The end of the history. It stays as it was when a key is missing: an erasure does not wait for a key. */
const lastEntry = (
  link: ReturnedLink,
  { at, keys, requestId, businessId }: Author,
): Readonly<{ writes: Writes; head: Head }> => {
  const { state, version, keyUse = '' } = link;
  const customerId = link.customerId.toHexString();
  const by = { businessId, actorId: TASK, role: null, purpose: 'honour-privacy-rights', requestId };
  const entry = { customerId, action: TASK, at, fields: [] };
  const newEntry = state === GONE ? entry : { ...entry, from: state, to: GONE };
  try {
    const { document, head } = nextInChain(
      { newEntry, after: { state: GONE, version } },
      headOfLink(businessId, link),
      { by, keys },
    );
    return {
      writes: [{ insertInto: 'customer_audit', document }],
      head: { ...head, version, keyUse: keyUseAfterChange(keyUse, keys) },
    };
  } catch (error) {
    if (!(error instanceof UnknownKey)) throw error;
    return { writes: [], head: keptOf(link) };
  }
};
